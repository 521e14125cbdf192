// The bars over the page, what is said aloud, and short messages.
import { numbers, words } from './geometry.js';

const MESSAGE = 2600;
const QUESTION = 12_000;
const WAY_BACK = 8000;
const ALOUD_AFTER = 350;
const ZONES_SHOWN = 1500;

const $ = (selector) => document.querySelector(selector);

export class Controls {
  constructor(reader) {
    this.reader = reader;
    this.settings = $('#tune');
    this.keys = $('#keys');
    this.close = $('#close');
    this.back = $('#back');
    this.toast = $('#toast');
    this.live = $('#live');
    const acts = {
      wall: () => reader.wall.open(),
      full: () => reader.screen.toggleFull(),
      shift: () => reader.shift(),
      keys: () => this.keys.showModal(),
      zones: () => this.showZones(),
      left: () => reader.goToChapter(reader.sideOfNext() === 'left' ? 1 : -1),
      right: () => reader.goToChapter(reader.sideOfNext() === 'right' ? 1 : -1),
    };
    document.addEventListener('click', ({ target }) => acts[target.closest('[data-act]')?.dataset.act]?.());
  }

  isShown() { return document.body.dataset.chrome === 'on'; }

  toggle(on = !this.isShown()) { document.body.dataset.chrome = on ? 'on' : 'off'; }

  // Said politely, and once the reader rests.
  aloud(text, after = 0) {
    clearTimeout(this.aloudTimer);
    this.aloudTimer = setTimeout(() => { this.live.textContent = text; }, after);
  }

  say(text) {
    this.message(text, null, MESSAGE);
  }

  ask(text, button, act) {
    this.message(text, { button, act }, QUESTION);
  }

  message(text, question, lasts) {
    const [line, button] = this.toast.children;
    line.textContent = text;
    button.hidden = !question;
    button.textContent = question?.button ?? '';
    button.onclick = () => { this.toast.hidden = true; question.act(); };
    this.toast.hidden = false;
    this.aloud(text);
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, lasts);
  }

  offerWayBack(text, act) {
    const hide = () => { this.back.hidden = true; };
    this.back.textContent = text;
    this.back.hidden = false;
    this.back.onclick = () => { hide(); act(); };
    clearTimeout(this.backTimer);
    this.backTimer = setTimeout(hide, WAY_BACK);
  }

  showZones() {
    const { reader } = this;
    const element = $('.zones');
    const chosen = reader.isScrolling() ? 'l' : reader.choices.value('zones');
    if (chosen === 'off') return;
    const [a, middle, b] = element.children;
    const nextIsLast = chosen === 'l' || (reader.choices.value('direction') === 'ltr') !== reader.choices.value('swap');
    element.dataset.zones = chosen;
    const name = (part, text) => { part.replaceChildren(Object.assign(document.createElement('b'), { textContent: text })); part.className = text === 'Next' ? 'next' : ''; };
    name(a, nextIsLast ? 'Back' : 'Next');
    name(b, nextIsLast ? 'Next' : 'Back');
    name(middle, 'Controls');
    element.classList.add('show');
    clearTimeout(this.zonesTimer);
    this.zonesTimer = setTimeout(() => element.classList.remove('show'), ZONES_SHOWN);
  }

  paint() {
    const { reader } = this;
    const { chapter, choices } = reader;
    const shown = reader.view.visible();
    const text = `${shown.length ? numbers(shown) : 'End'} / ${chapter.pages.length}`;
    Object.assign(document.body.dataset, {
      dir: reader.direction(), layout: reader.layout(), fit: choices.value('fit'), bg: choices.value('background'),
    });
    $('.count').textContent = text;
    $('.count').hidden = !choices.value('counter');
    $('#heading').textContent = chapter.heading;
    document.title = `${text} · ${chapter.heading} · ${reader.series.title} · KireMisu`;
    this.paintSide('left', chapter);
    this.paintSide('right', chapter);
    const shift = $('#shift');
    shift.disabled = reader.layout() !== 'double';
    shift.setAttribute('aria-pressed', String(Boolean(reader.view.alone)));
    this.aloud(words(shown, chapter.pages), ALOUD_AFTER);
  }

  paintSide(side, chapter) {
    const button = $(`[data-act=${side}]`);
    const isNext = this.reader.sideOfNext() === side;
    const name = isNext ? 'Next chapter' : 'Previous chapter';
    button.ariaLabel = name;
    button.title = `${name} (${isNext ? 'N' : 'P'})`;
    button.ariaDisabled = String(!(isNext ? chapter.next : chapter.previous));
  }
}
