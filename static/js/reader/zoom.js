// Magnifying the spread: at a point, which stays under the finger or pointer.

export class Zoom {
  constructor(stage, magnified) {
    this.stage = stage;
    this.magnified = magnified;
    this.level = 1;
  }

  inner() { return this.stage.querySelector('.spread.on > .in'); }

  reset() { this.to(1); }

  to(level, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const inner = this.inner();
    if (!inner) { this.level = 1; return; }
    const wanted = Math.min(4, Math.max(1, level));
    if (wanted === this.level && wanted === 1) return;
    const before = inner.getBoundingClientRect();
    const across = (x - before.left) / before.width;
    const down = (y - before.top) / before.height;
    this.level = wanted;
    inner.style.setProperty('--z', wanted);
    this.mind();
    if (wanted > 1.2) this.magnified();
    const after = inner.getBoundingClientRect();
    this.stage.scrollLeft += after.left + across * after.width - x;
    this.stage.scrollTop += after.top + down * after.height - y;
  }

  // Fingers scroll what overflows; what fits is left to swipes.
  mind() {
    const { stage } = this;
    stage.classList.toggle('wider', stage.scrollWidth > stage.clientWidth + 1);
    stage.classList.toggle('taller', stage.scrollHeight > stage.clientHeight + 1);
  }

  by(factor, x, y) { this.to(this.level * factor, x, y); }
}
