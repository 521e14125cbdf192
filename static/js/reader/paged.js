// One spread at a time. The neighbours live in the DOM, decoded and hidden: a turn flips which is seen.
import { heldAround, ratioOf, spreadWidth, trimmed } from './geometry.js';
import { firstStandsAlone, spreadsOf } from './pairing.js';
import { box, empty, load, sharpen } from './picture.js';
import { turnCard } from './turning.js';

const PATIENCE = 120;                               // then the empty box shows, with its number
const FIRST = 1500;                                 // the server's own first page stands meanwhile
const link = navigator.connection;
const SLOW = link?.saveData || /2g/.test(link?.effectiveType ?? '');
const HELD = SLOW ? { ahead: 1, behind: 0 } : { ahead: 3, behind: 1 };
const NEXT_CHAPTER = 3;                             // spreads from the end

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

export class Paged {
  constructor(reader) {
    this.reader = reader;
    this.stage = reader.stage;
    this.nodes = new Map();
    this.shown = null;
    this.ticket = 0;
  }

  open(index) {
    const { chapter, choices, stage } = this.reader;
    const { flip, alone } = chapter.pairing;
    this.clear();
    this.chapter = chapter;
    const told = chapter.told[choices.value('direction')];
    this.alone = firstStandsAlone(chapter.pages, { flip, coverAlone: choices.value('cover_alone'), told });
    this.spreads = spreadsOf(chapter.pages, {
      double: this.reader.layout() === 'double', alone: this.alone, flip, pinned: new Set(alone.map((number) => number - 1)), told,
    });
    stage.dir = choices.value('direction');
    return this.show(this.holding(index));
  }

  clear() {
    this.nodes.forEach((node) => node.remove());
    this.nodes.clear();
    this.shown = null;
  }

  close() { this.ticket += 1; this.clear(); }

  holding(index) { return Math.max(0, this.spreads.findIndex((spread) => spread.includes(index))); }

  visible() { return this.spreads[this.at] ?? []; }

  // The first page seen; on the card after the end, the last page.
  first() { return this.visible()[0] ?? this.chapter.pages.length - 1; }

  place() {
    const last = this.chapter.pages.length - 1;
    const furthest = this.visible().at(-1) ?? last;
    return { page: furthest + 1, fraction: 0, done: furthest === last };
  }

  goTo(index) { return this.show(this.holding(index), { jumped: true }); }

  step(way) {
    const to = this.at + way;
    if (to < 0) return this.reader.goBeyond(-1);
    if (to > this.spreads.length || (to === this.spreads.length && this.reader.goesStraightOn())) return this.reader.goBeyond(1);
    if (to === this.spreads.length) this.reader.finished();
    return this.show(to);
  }

  // Keys and clicks on the way of reading: first through a page that is larger than the stage.
  read(way) {
    const { scrollTop, scrollHeight, clientHeight } = this.stage;
    const room = way > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
    if (room > 4) return this.stage.scrollBy({ top: way * clientHeight * 0.86 });
    return this.step(way);
  }

  resized() { }

  async show(number, { jumped = false } = {}) {
    this.ticket += 1;
    const ticket = this.ticket;
    const isFirst = !this.shown;
    this.at = number;
    const node = this.node(number, 'high');
    node.querySelectorAll('.pg.bad').forEach((figure) => this.again(figure));
    if (!isFirst || this.reader.isOpen) await Promise.race([this.readiness(node), pause(PATIENCE)]);
    else await Promise.race([this.readiness(node), pause(FIRST)]);
    if (ticket !== this.ticket) return;               // a later turn won
    this.reader.zoom.reset();
    this.shown?.classList.remove('on');
    node.classList.add('on');
    this.shown = node;
    this.stage.querySelector('[data-first]')?.remove();
    this.stage.scrollTo(0, 0);
    this.reader.zoom.mind();
    this.drop(number);
    this.reader.moved({ jumped, turned: !isFirst });
    await this.readiness(node);
    if (ticket === this.ticket) await this.prepare(number, ticket);
  }

  readiness(node) { return Promise.all([...node.querySelectorAll('.pg')].map((figure) => figure.ready)); }

  drop(number) {
    const held = new Set(heldAround(number, this.spreads.length, HELD));
    for (const [key, node] of this.nodes) {
      if (held.has(key)) continue;
      node.querySelectorAll('.pg').forEach(empty);   // ends its requests
      node.remove();
      this.nodes.delete(key);
    }
  }

  // Nearest first, one at a time, never before what is looked at.
  async prepare(number, ticket) {
    for (const near of heldAround(number, this.spreads.length, HELD).slice(1)) {
      await Promise.race([this.readiness(this.node(near, 'low')), pause(5000)]);
      if (ticket !== this.ticket) return;
    }
    if (this.spreads.length - number <= NEXT_CHAPTER) this.reader.prepareNext();
  }

  node(number, priority) {
    if (this.nodes.has(number)) return this.nodes.get(number);
    const node = document.createElement('div');
    node.className = 'spread';
    node.append(number < this.spreads.length ? this.spread(this.spreads[number], priority) : this.card());
    this.nodes.set(number, node);
    this.stage.append(node);
    return node;
  }

  spread(indexes, priority) {
    const pages = trimmed(indexes.map((index) => this.chapter.pages[index]), this.reader.choices.value('trim'));
    const inner = document.createElement('div');
    const ratio = pages.reduce((sum, page) => sum + ratioOf(page), 0);
    inner.className = 'in';
    inner.style.setProperty('--a', ratio.toFixed(4));
    inner.style.setProperty('--px', pages.reduce((sum, page) => sum + page.w, 0));
    indexes.forEach((index, at) => {
      const page = this.chapter.pages[index];
      const figure = box(pages[at], index);
      load(figure, page, index, { priority, crop: pages[at].crop, shown: this.width(pages[at], ratio), measured: () => this.reader.relayout() });
      inner.append(figure);
    });
    return inner;
  }

  // In CSS pixels, of a page within a spread of this ratio.
  width(page, ratio) {
    const { choices } = this.reader;
    return spreadWidth(choices.value('fit'), ratio, this.stage.clientWidth, this.stage.clientHeight) * (ratioOf(page) / ratio);
  }

  sharpen() {
    for (const figure of this.shown.querySelectorAll('.pg')) sharpen(figure, this.chapter.pages[figure.dataset.n - 1]);
  }

  card() { return turnCard(this.chapter, this.reader.series, () => this.reader.goToChapter(1)); }

  retry() {
    for (const node of this.nodes.values()) node.querySelectorAll('.pg.bad').forEach((figure) => this.again(figure));
  }

  again(figure) {
    const index = figure.dataset.n - 1;
    empty(figure);
    load(figure, this.chapter.pages[index], index, { priority: 'high', crop: figure.crop });
  }
}
