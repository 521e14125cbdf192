// Taps, swipes, pinches and the wheel. Edge taps act on the first tap; only the middle waits for a second.
import { zoneAt } from './zones.js';

const SECOND_TAP = 220;
const SWIPE = 44;
const TAP_MOVES = 10;
const TAP_LASTS = 450;
const SETTLES = 180;
const HOLD = 500;

export class Touch {
  constructor(reader) {
    this.reader = reader;
    this.stage = reader.stage;
    this.fingers = new Map();
    this.down = null;
    this.spread = 0;
    this.tapTimer = 0;
    const { stage } = this;
    stage.addEventListener('pointerdown', (event) => this.pressed(event));
    stage.addEventListener('pointermove', (event) => this.moved(event));
    stage.addEventListener('pointerup', (event) => this.lifted(event));
    stage.addEventListener('pointercancel', (event) => { this.fingers.delete(event.pointerId); this.spread = 0; this.letGo(); });
    stage.addEventListener('contextmenu', (event) => {
      event.preventDefault();                       // a long press of some browsers, the other button, the key
      this.letGo();
      reader.menu.open(event.clientX, event.clientY);
    });
    stage.addEventListener('wheel', (event) => {
      if (!event.ctrlKey || this.reader.isScrolling()) return;
      event.preventDefault();
      reader.zoom.by(event.deltaY < 0 ? 1.15 : 0.87, event.clientX, event.clientY);
    }, { passive: false });
  }

  pressed(event) {
    this.fingers.set(event.pointerId, event);
    if (this.fingers.size === 2) {
      this.letGo();
      this.spread = this.reader.isScrolling() ? 0 : this.distance() / this.reader.zoom.level;
    } else if (event.button === 0 && !event.target.closest('button, a') && !document.querySelector(':popover-open')) {
      this.down = { x: event.clientX, y: event.clientY, at: event.timeStamp, isTouch: event.pointerType !== 'mouse' };
      if (this.down.isTouch) this.hold = setTimeout(() => this.held(event), HOLD);
    }
  }

  held({ clientX: x, clientY: y }) {
    this.down = null;                               // lifting it turns nothing
    this.reader.menu.open(x, y);
  }

  distance() {
    const [a, b] = [...this.fingers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  }

  moved(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, event);
    if (this.down && Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) > TAP_MOVES) clearTimeout(this.hold);
    if (this.spread && this.fingers.size === 2) {
      const [a, b] = [...this.fingers.values()];
      this.reader.zoom.to(this.distance() / this.spread, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    } else if (this.down?.isTouch && (this.down.swipes || this.maySwipe())) this.follow(event.clientX - this.down.x, event.clientY - this.down.y);
  }

  maySwipe() {
    const { stage, reader } = this;
    return !reader.isScrolling() && reader.zoom.level === 1 && stage.scrollWidth <= stage.clientWidth + 1;
  }

  wayOf(dx) { return dx > 0 === (this.reader.choices.value('direction') === 'rtl') ? 1 : -1; }

  // The spread goes with the finger, the one it comes from or goes to beside it.
  follow(dx, dy) {
    if (!this.down.swipes && (Math.abs(dx) < TAP_MOVES || Math.abs(dx) < Math.abs(dy) * 1.8)) return;
    this.down.swipes = true;
    clearTimeout(this.hold);
    const { view } = this.reader;
    const beside = view.nodes.get(view.at + this.wayOf(dx));
    if (beside !== this.beside) this.beside?.removeAttribute('style');
    Object.assign(this, { beside, shown: view.shown, dx });
    this.stage.classList.add('swiping');
    this.place(this.shown, dx);
    this.place(beside, dx - Math.sign(dx) * this.stage.clientWidth);
  }

  place(spread, x) {
    if (spread) Object.assign(spread.style, { transform: `translateX(${x}px)`, visibility: 'visible' });
  }

  letGo() {
    clearTimeout(this.hold);
    this.down = null;
    if (this.shown) this.settle(false);
  }

  // Both glide to where they belong: the next one in, or the old one back.
  settle(turns) {
    const { dx, shown, beside, stage } = this;
    const width = Math.sign(dx) * stage.clientWidth;
    Object.assign(this, { shown: null, beside: null });
    stage.classList.remove('swiping');
    shown.removeAttribute('style');
    beside?.removeAttribute('style');
    if (matchMedia('(prefers-reduced-motion: reduce)').matches || document.documentElement.dataset.display === 'eink') return;
    const glide = (spread, from, to) => spread?.animate(
      [from, to].map((x) => ({ transform: `translateX(${x}px)`, visibility: 'visible' })), { duration: SETTLES, easing: 'ease-out' },
    );
    glide(shown, dx, turns ? width : 0);
    glide(beside, dx - width, turns ? 0 : -width);
  }

  lifted(event) {
    this.fingers.delete(event.pointerId);
    if (this.fingers.size < 2) this.spread = 0;
    const { down } = this;
    if (!down) return;
    this.down = null;
    clearTimeout(this.hold);
    const dx = event.clientX - down.x;
    const dy = event.clientY - down.y;
    const swipes = (down.swipes || this.maySwipe()) && Math.abs(dx) > SWIPE && Math.abs(dx) > Math.abs(dy) * 1.8;
    if (this.shown) this.settle(swipes);
    if (swipes) this.reader.step(this.wayOf(dx));
    else if (Math.hypot(dx, dy) <= TAP_MOVES && event.timeStamp - down.at <= TAP_LASTS) this.tapped(event);
  }

  tapped({ clientX: x, clientY: y }) {
    const { reader } = this;
    const zone = zoneAt(x, y, innerWidth, innerHeight, {
      zones: reader.choices.value('zones'), swap: reader.choices.value('swap'),
      direction: reader.choices.value('direction'), layout: reader.layout(),
    });
    if (zone !== 'controls') {
      if (reader.zoom.level === 1) reader.step(zone === 'next' ? 1 : -1);
      return;
    }
    if (this.tapTimer) {
      clearTimeout(this.tapTimer);
      this.tapTimer = 0;
      if (!reader.isScrolling()) reader.zoom.to(reader.zoom.level > 1 ? 1 : 2, x, y);
      return;
    }
    this.tapTimer = setTimeout(() => { this.tapTimer = 0; reader.controls.toggle(); }, SECOND_TAP);
  }
}
