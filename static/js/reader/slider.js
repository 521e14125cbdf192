// The slider: shows where it would go, goes there on release.
import { numbers, words } from './geometry.js';
import { thumbnail } from './picture.js';

const THUMB = 18;
const TYPING = 900;
const HIGH = 148;

export class Slider {
  constructor(reader) {
    this.reader = reader;
    this.range = document.querySelector('#seek');
    this.output = document.querySelector('#seek-out');
    this.peek = document.querySelector('.peekbox');
    this.typed = '';
    const { range } = this;
    range.addEventListener('input', () => {
      this.preview(range.value - 1);
      this.tell([range.value - 1]);
    });
    range.addEventListener('change', () => { this.peek.hidden = true; reader.jump(range.value - 1); });
    range.addEventListener('keydown', (event) => this.pressed(event));
    range.addEventListener('pointermove', (event) => { if (event.pointerType === 'mouse' && !event.buttons) this.preview(this.indexAt(event.clientX)); });
    range.addEventListener('pointerleave', () => { this.peek.hidden = true; });
  }

  focus() { this.range.focus(); }

  count() { return this.reader.chapter.pages.length; }

  isRtl() { return this.range.dir === 'rtl'; }

  // Arrows step by what is on screen, not by single pages inside a pair. Digits name a page.
  pressed(event) {
    const { reader } = this;
    const forward = reader.sideOfNext() === 'left' ? 1 : -1;
    const way = { ArrowLeft: forward, ArrowRight: -forward, ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) {
      event.preventDefault();
      if (reader.isScrolling()) reader.view.goTo(Math.min(this.count() - 1, Math.max(0, reader.view.first() + way)));
      else reader.view.step(way);
    } else if (/^\d$/.test(event.key)) this.type(event);
    else if (event.key === 'Enter' && this.typed) this.goTyped();
    else if (event.key === 'Enter' || event.key === 'Escape') this.range.blur();
  }

  type(event) {
    event.preventDefault();
    this.typed += event.key;
    this.output.textContent = `${this.typed} / ${this.count()}`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.goTyped(), TYPING);
  }

  goTyped() {
    clearTimeout(this.timer);
    const number = Math.min(this.count(), Math.max(1, Number(this.typed)));
    this.typed = '';
    this.reader.jump(number - 1);
    this.paint();
  }

  indexAt(x) {
    const { left, width } = this.range.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (x - left - THUMB / 2) / (width - THUMB)));
    return Math.round((this.isRtl() ? 1 - part : part) * (this.count() - 1));
  }

  preview(index) {
    const { reader, peek } = this;
    const shown = reader.view.spreads?.find((spread) => spread.includes(index)) ?? [index];
    const part = index / Math.max(1, this.count() - 1);
    const [pictures, text] = peek.children;
    peek.hidden = false;
    peek.style.left = `${THUMB / 2 + (this.range.clientWidth - THUMB) * (this.isRtl() ? 1 - part : part)}px`;
    if (pictures.dataset.of !== `${reader.chapter.id}:${shown}`) {
      pictures.dataset.of = `${reader.chapter.id}:${shown}`;
      pictures.dir = this.range.dir;
      pictures.replaceChildren(...shown.map((at) => thumbnail(reader.chapter.pages[at], HIGH)));
    }
    text.textContent = numbers(shown);
  }

  tell(shown) {
    const bold = document.createElement('b');
    bold.textContent = numbers(shown);
    this.output.replaceChildren(bold, ` / ${this.count()}`);
  }

  paint() {
    const { range, reader } = this;
    const shown = reader.view.visible();
    const last = shown.at(-1) ?? this.count() - 1;
    range.max = this.count();
    range.dir = reader.direction();
    range.value = last + 1;
    range.style.setProperty('--p', this.count() < 2 ? 100 : (last / (this.count() - 1)) * 100);
    range.setAttribute('aria-valuetext', words(shown, reader.chapter.pages));
    this.tell(shown.length ? shown : [last]);
  }
}
