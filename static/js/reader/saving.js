// When progress is saved: after a rest, later after a jump, at once when leaving.

const REST = 800;
const AFTER_JUMP = 3000;
const GLANCE = 10_000;                              // a finished chapter merely looked into

export class Saving {
  // `place()` answers {page, fraction, done} of what is on screen, page 1-based.
  constructor({ outbox, device, place }) {
    Object.assign(this, { outbox, device, place, timer: 0, isDirty: false });
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.now(); });
    addEventListener('pagehide', () => this.now());
  }

  opened(chapter) {
    Object.assign(this, { chapter, hasTurned: false, hasJumped: false, since: performance.now() });
  }

  // The reader is somewhere; it counts when they stay.
  moved({ jumped = false, turned = true } = {}) {
    this.isDirty = true;
    this.hasTurned ||= turned;
    this.hasJumped = jumped;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), this.pause());
  }

  pause() {
    if (this.isGlance()) return GLANCE - (performance.now() - this.since);
    return this.hasJumped ? AFTER_JUMP : REST;
  }

  isGlance() {
    return Boolean(this.chapter.progress?.done) && !this.hasTurned && performance.now() - this.since < GLANCE;
  }

  // Save what is on screen, if it is not saved yet. `finished` where the end was passed.
  now({ finished = false } = {}) {
    clearTimeout(this.timer);
    if ((!this.isDirty && !finished) || (this.isGlance() && !finished)) return;
    this.isDirty = false;
    const place = this.place();
    this.outbox.put({
      chapter: this.chapter.id,
      pages: this.chapter.pages.length,
      ...place,
      done: finished || place.done,
      at: new Date().toISOString(),
      device: this.device,
    });
  }
}

export function deviceName() {
  if (!matchMedia('(pointer: coarse)').matches) return 'computer';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}
