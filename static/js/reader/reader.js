// The reader's page: puts the parts together. The server wrote what they need into #opened.
import { Chapters } from './chapters.js';
import { Choices } from './choices.js';
import { Controls } from './controls.js';
import { layoutFor, openingLayout } from './geometry.js';
import { listen } from './keys.js';
import { filterFor } from './light.js';
import { Menu } from './menu.js';
import { Notes } from './notes.js';
import { Outbox, isFurther } from './outbox.js';
import { Paged } from './paged.js';
import { Saving, deviceName } from './saving.js';
import { Screen } from './screen.js';
import { Slider } from './slider.js';
import * as store from './store.js';
import { Strip } from './strip.js';
import { Touch } from './touch.js';
import { inTurn } from './turns.js';
import { Wall } from './wall.js';
import { Zoom } from './zoom.js';

const ADDRESS_AFTER = 250;                           // browsers refuse addresses that change too often
const RELAYOUT = new Set(['layout', 'direction', 'cover_alone', 'trim']);

class Reader {
  constructor(data) {
    const { series, chapter, api, csrf, user } = data;
    Object.assign(this, { data, series, chapter, api, csrf, device: deviceName() });
    this.stage = document.querySelector('#stage');
    this.chapters = new Chapters(chapter);
    chapter.pages[data.page - 1].whole = true;         // the HTML has asked for it already
    this.zoom = new Zoom(this.stage, () => this.view.sharpen?.());
    this.controls = new Controls(this);
    this.choices = new Choices({ series, store, api, csrf, changed: (name) => this.chosen(name), say: (text) => this.controls.say(text) });
    this.outbox = new Outbox({ store, key: `km.outbox.${user}`, api, csrf, told: (row, stored) => this.told(row, stored) });
    this.saving = new Saving({ outbox: this.outbox, device: this.device, place: () => this.view.place() });
    this.views = { paged: new Paged(this), strip: new Strip(this) };
    this.slider = new Slider(this);
    this.notes = new Notes(this);
    this.wall = new Wall(this);
    this.menu = new Menu(this);
    this.screen = new Screen();
    new Touch(this);
    listen(this);
  }

  async start() {
    const { page, fraction } = this.resume();
    this.enter(this.chapter);
    this.lighten();
    this.paintChoices();          // before the first page is here: whoever is quick sets them
    await this.relayout(page - 1, fraction);
    this.isOpen = true;
    new ResizeObserver(() => this.resized()).observe(this.stage);
    this.outbox.sendAll();
    if (!this.choices.value('seenZones')) {
      this.choices.set('seenZones', true);
      this.controls.showZones();
    }
    const { progress } = this.chapter;
    if (this.data.asked && progress && progress.page > page && progress.device !== this.device) this.offer(progress);
  }

  // A row the server has not got yet may be newer than what it wrote into the page.
  resume() {
    const { asked, page } = this.data;
    const { progress } = this.chapter;
    const row = this.outbox.row(this.chapter.id);
    if (!asked && row && (!progress || Date.parse(row.at) > Date.parse(progress.at))) return row;
    return { page, fraction: progress?.page === page && progress.fraction > 0 ? progress.fraction : null };
  }

  // ---- how it lies

  layout() {
    const wanted = this.opensAs ?? this.choices.value('layout');
    return layoutFor(wanted, this.stage.clientWidth, this.stage.clientHeight);
  }

  isScrolling() { return this.view === this.views.strip; }

  direction() { return this.isScrolling() ? 'ltr' : this.choices.value('direction'); }

  sideOfNext() { return this.direction() === 'rtl' ? 'left' : 'right'; }

  enter(chapter) {
    this.chapter = chapter;
    const layout = this.choices.value('layout');
    const opensAs = openingLayout(chapter.pages, layout, this.choices.origins.layout);
    this.opensAs = opensAs === layout ? null : opensAs;
    this.saving.opened(chapter);
  }

  relayout(index = this.view.first(), fraction = null) {
    const layout = this.layout();
    const view = layout === 'scroll' ? this.views.strip : this.views.paged;
    if (this.view && this.view !== view) this.view.close();
    this.view = view;
    this.laidOut = layout;
    this.width = this.stage.clientWidth;
    return view.open(index, fraction);
  }

  resized() {
    if (this.layout() !== this.laidOut) this.relayout();
    else if (this.stage.clientWidth !== this.width) this.view.resized?.();
    this.width = this.stage.clientWidth;
  }

  chosen(name) {
    if (name === 'layout') this.opensAs = null;
    if (RELAYOUT.has(name) || (name === 'fit' && !this.isScrolling())) this.relayout();
    else if (name.startsWith('strip') && this.isScrolling()) this.view.resized();
    if (name === 'zones' || name === 'swap' || name === 'direction') this.controls.showZones();
    this.lighten();
    this.controls.paint();
    this.slider.paint();
    this.notes.paint();
    this.paintChoices();
  }

  paintChoices() { this.choices.paint({ layout: this.opensAs }); }

  lighten() {
    const { device, session } = this.choices;
    this.stage.style.setProperty('--adjust', filterFor({ ...device, ...session }));
    if (device.eink) document.documentElement.dataset.display = 'eink';
    else delete document.documentElement.dataset.display;
    try { localStorage.display = device.eink ? 'eink' : ''; } catch { /* not kept, then */ }
  }

  // Page 1 alone or not, for this chapter.
  async shift() {
    if (this.layout() !== 'double') return;
    const { alone } = this.view;
    await this.pair({ flip: !alone }, alone ? 'Pages 1 and 2 are a pair in this chapter.' : 'Page 1 stands alone in this chapter.');
  }

  toggleTrim() {
    const trim = !this.choices.value('trim');
    this.choices.set('trim', trim);
    this.controls.say(trim ? 'Borders are trimmed.' : 'Pages are shown with their borders.');
  }

  // A page pinned alone, or let go again; pairing starts anew after it.
  standAlone(index) {
    const { alone } = this.chapter.pairing;
    const number = index + 1;
    const isPinned = alone.includes(number);
    return this.pair(
      { alone: isPinned ? alone.filter((each) => each !== number) : [...alone, number] },
      isPinned ? `Page ${number} is paired again.` : `Page ${number} stands alone in this chapter.`,
    );
  }

  async pair(change, said) {
    const { chapter } = this;
    Object.assign(chapter.pairing, change);
    await this.relayout();
    this.controls.say(said);
    const body = JSON.stringify(chapter.pairing);
    const answer = await inTurn(() => fetch(`${this.api}chapters/${chapter.id}/pairing`, {
      method: 'PUT', keepalive: true, body,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.csrf },
    }));
    if (!answer?.ok) this.controls.say('This could not be saved. It holds until you leave.');
  }

  // ---- moving

  step(way) {
    this.controls.toggle(false);
    return this.view.step(way);
  }

  read(way) {
    this.controls.toggle(false);
    return this.view.read(way);
  }

  // By the slider, the wall or a key: never loses the old place.
  jump(index) {
    const from = this.view.first();
    if (this.view.visible().includes(index)) { this.slider.paint(); return; }
    const { chapter } = this;
    this.view.goTo(index);
    this.controls.offerWayBack(`Back to page ${from + 1}`, () => (this.chapter === chapter ? this.view.goTo(from) : this.open(chapter, from)));
  }

  // Before the first spread, or after the card behind the last one.
  goBeyond(way) {
    if (way < 0 && !this.chapter.previous) return this.controls.say('This is the first page.');
    return this.goToChapter(way, { toEnd: way < 0 });
  }

  goesStraightOn() {
    const { next } = this.chapter;
    return Boolean(this.choices.value('straight_on') && next && !next.gap);
  }

  async goToChapter(way, { toEnd = false } = {}) {
    const reference = way > 0 ? this.chapter.next : this.chapter.previous;
    if (!reference) return this.controls.say(way > 0 ? 'No later chapter in your files.' : 'No earlier chapter in your files.');
    const from = this.chapter;
    try {
      const chapter = await this.chapters.load(reference);
      if (this.chapter !== from) return undefined;    // they went elsewhere meanwhile
      this.saving.now({ finished: way > 0 && this.view.place().done });
      await this.open(chapter, toEnd ? chapter.pages.length - 1 : 0);
      return this.controls.aloud(chapter.heading);
    } catch {
      return this.controls.say(`${reference.label} could not be opened. Try again in a moment.`);
    }
  }

  open(chapter, index) {
    this.enter(chapter);
    this.paintChoices();
    return this.relayout(index);
  }

  // In Scroll, the next chapter is already laid out.
  flowInto(chapter, { finished }) {
    if (finished) this.saving.now({ finished });
    this.chapter = chapter;
    this.saving.opened(chapter);
  }

  finished() { this.saving.now({ finished: true }); }

  async prepareNext() {
    const { next } = this.chapter;
    if (!next) return;
    const chapter = await this.chapters.load(next).catch(() => null);
    if (chapter && !chapter.warm) chapter.warm = Object.assign(new Image(), { fetchPriority: 'low', src: chapter.pages[0].src });
  }

  moved({ jumped = false, turned = true } = {}) {
    this.saving.moved({ jumped, turned });
    const place = `${this.chapter.id} ${this.view.visible()} ${this.laidOut}`;
    if (place === this.painted) return;
    if (this.isScrolling() && turned && !jumped) this.controls.toggle(false);
    this.painted = place;
    this.controls.paint();
    this.slider.paint();
    this.notes.paint();
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => {
      history.replaceState(null, '', `${this.chapter.url}/${this.view.first() + 1}`);
    }, ADDRESS_AFTER);
  }

  // ---- other devices

  told(row, stored) {
    const chapter = this.chapters.ready.get(row.chapter);
    if (chapter) chapter.progress = stored;
    if (chapter === this.chapter && isFurther(stored, row)) this.offer(stored);
  }

  offer(stored) {
    if (this.hasOffered) return;
    this.hasOffered = true;
    const device = stored.device && stored.device !== this.device ? `Your ${stored.device}` : 'Another device';
    this.controls.ask(`${device} is on page ${stored.page}.`, 'Go there', () => this.jump(stored.page - 1));
  }
}

new Reader(JSON.parse(document.querySelector('#opened').textContent)).start();
