// How one reads: for this series (kept by the server), on this device, or until the reader closes.
import { inTurn } from './turns.js';

const DEVICE = 'km.device';
const DEVICE_DEFAULTS = { brightness: 100, warmth: 0, greyscale: false, zones: 'edges', swap: false, counter: true, eink: false, seenZones: false };
const SESSION_DEFAULTS = { negative: false };
const ORDERS = { direction: ['rtl', 'ltr'], fit: ['screen', 'width', 'height', 'original'] };
const WORDS = {
  direction: 'Direction', fit: 'Fit', layout: 'Layout', background: 'Behind the page',
  rtl: 'right to left', ltr: 'left to right', screen: 'whole page', width: 'width', height: 'height', original: 'original size',
  single: 'single', double: 'two pages', scroll: 'scroll', auto: 'auto', black: 'black', grey: 'grey', white: 'white',
};
const FROM = { facts: 'As the work is known', library: 'From the library', you: 'Your default', default: 'Default' };
const SEND_AFTER = 300;

export class Choices {
  constructor({ series, store, api, csrf, changed, say }) {
    Object.assign(this, { store, changed, say, address: `${api}series/${series.id}/reading`, csrf });
    this.series = { ...series.choices };
    this.origins = { ...series.origins };
    this.otherwise = series.otherwise;
    this.otherwiseFrom = series.otherwiseFrom;
    this.device = { ...DEVICE_DEFAULTS, ...store.recall(DEVICE, {}) };
    this.session = { ...SESSION_DEFAULTS };
    this.unsent = {};
    this.timer = 0;
    document.addEventListener('input', ({ target }) => this.entered(target));
    document.addEventListener('click', ({ target }) => {
      const name = target.closest?.('[data-otherwise]')?.dataset.otherwise;
      if (name) this.set(name, null);
    });
    addEventListener('pagehide', () => this.send());
  }

  home(name) { return [this.series, this.device, this.session].find((home) => name in home); }

  value(name) { return this.home(name)[name]; }

  entered(field) {
    const name = field.dataset?.set;
    if (!name) return;
    const value = { checkbox: field.checked, range: Number(field.value) }[field.type] ?? field.value;
    this.set(name, value);
  }

  // null goes back to what holds without a choice for this series.
  set(name, value) {
    const home = this.home(name);
    home[name] = value ?? this.otherwise[name];
    if (home === this.series) {
      this.origins[name] = value === null ? this.otherwiseFrom[name] : 'series';
      this.unsent[name] = value;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), SEND_AFTER);
    } else if (home === this.device) this.store.keep(DEVICE, this.device);
    this.changed(name);
  }

  cycle(name) {
    const order = ORDERS[name];
    this.set(name, order[(order.indexOf(this.value(name)) + 1) % order.length]);
    this.say(`${WORDS[name]}: ${WORDS[this.value(name)]}.`);
  }

  async send() {
    clearTimeout(this.timer);
    const body = this.unsent;
    if (!Object.keys(body).length) return;
    this.unsent = {};
    const answer = await inTurn(() => fetch(this.address, {
      method: 'PUT', keepalive: true, body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.csrf },
    }));
    if (!answer) this.unsent = { ...body, ...this.unsent };      // offline: with the next change
    else if (!answer.ok) this.say('This setting could not be saved. It holds until you leave.');
  }

  // Every control shows its value, and where it comes from.
  paint(instead = {}) {
    for (const field of document.querySelectorAll('[data-set]')) {
      const value = instead[field.dataset.set] ?? this.value(field.dataset.set);
      if (field.type === 'radio') field.checked = field.value === value;
      else if (field.type === 'checkbox') field.checked = value;
      else if (document.activeElement !== field) field.value = value;
    }
    for (const line of document.querySelectorAll('[data-from]')) this.paintOrigin(line);
  }

  paintOrigin(line) {
    const name = line.dataset.from;
    const origin = this.origins[name];
    line.hidden = false;
    if (origin !== 'series') { line.replaceChildren(FROM[origin] ?? FROM.default); return; }
    const button = Object.assign(document.createElement('button'), { className: 'link', textContent: `Use default (${WORDS[this.otherwise[name]]})` });
    button.dataset.otherwise = name;
    line.replaceChildren(button);
  }
}
