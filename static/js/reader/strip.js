// Pages below each other; chapters flow on. Every box has its height before its image.
import { pageAt, ratioOf, trimmed } from './geometry.js';
import { box, empty, load } from './picture.js';
import { turnCard } from './turning.js';

const LINE = 0.4;                                    // where one reads, from the top of the screen
const STEP = 0.86;
const CHAPTERS = 3;                                  // that stay

const link = navigator.connection;
const SLOW = link?.saveData || /2g/.test(link?.effectiveType ?? '');

export class Strip {
  constructor(reader) {
    this.reader = reader;
    this.stage = reader.stage;
    this.frame = 0;
    this.scrolled = () => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.look(); }); };
  }

  open(index, fraction = null) {
    this.close();
    this.stage.dir = 'ltr';
    this.stage.querySelector('[data-first]')?.remove();
    this.element = document.createElement('div');
    this.element.className = 'strip';
    this.stage.append(this.element);
    this.boxes = [];
    this.bands = [];
    this.index = index;
    this.add(this.reader.chapter);
    this.measure();
    const lift = fraction === null ? 0 : fraction * this.boxes[index].figure.offsetHeight - this.stage.clientHeight * LINE;
    this.stage.scrollTop = this.offsets[index] + lift;
    this.stage.addEventListener('scroll', this.scrolled, { passive: true });
    this.look({ turned: false });
  }

  close() {
    this.stage.removeEventListener('scroll', this.scrolled);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.element?.remove();
    this.element = null;
  }

  add(chapter) {
    chapter.pages.forEach((page, index) => {
      const [shown] = trimmed([page], this.reader.choices.value('trim'));
      const figure = box(shown, index);
      this.element.append(figure);
      this.boxes.push({ figure, page, shown, index, chapter });
    });
    const band = turnCard(chapter, this.reader.series, () => this.reader.goToChapter(1));
    this.element.append(band);
    this.bands.push({ band, chapter });
  }

  // Whole pixels: no hairline between slices.
  measure() {
    const { choices } = this.reader;
    const width = Math.min(this.stage.clientWidth, choices.value('strip_width'));
    this.element.style.setProperty('--strip-w', `${width}px`);
    this.element.style.setProperty('--strip-gap', `${choices.value('strip_gap')}px`);
    for (const { figure, shown } of this.boxes) figure.style.blockSize = `${Math.round(width / ratioOf(shown))}px`;
    this.offsets = this.boxes.map(({ figure }) => figure.offsetTop);
  }

  resized() {
    if (!this.element) return;
    const at = pageAt(this.offsets, this.stage.scrollTop);
    const part = (this.stage.scrollTop - this.offsets[at]) / this.boxes[at].figure.offsetHeight;
    this.measure();
    this.stage.scrollTop = this.offsets[at] + part * this.boxes[at].figure.offsetHeight;
    this.look({ turned: false });
  }

  isAtEnd() { return this.stage.scrollTop + this.stage.clientHeight >= this.stage.scrollHeight - 2; }

  look({ turned = true, jumped = false } = {}) {
    const { scrollTop: y, clientHeight: height } = this.stage;
    const at = this.isAtEnd() ? this.boxes.length - 1 : pageAt(this.offsets, y + height * LINE);
    const here = this.boxes[at];
    this.fill(y, height);
    if (here.chapter !== this.reader.chapter) this.flowInto(here.chapter);
    this.index = here.index;
    this.at = at;
    this.reader.moved({ turned, jumped });
    if (y + height * 3 > this.stage.scrollHeight) this.flowOn();
  }

  fill(y, height) {
    this.boxes.forEach(({ figure, page, shown, index }, at) => {
      const top = this.offsets[at];
      const bottom = top + figure.offsetHeight;
      if (bottom > y - height && top < y + height * (SLOW ? 1.5 : 4)) {
        load(figure, page, index, {
          priority: top < y + height ? 'high' : 'low', crop: shown.crop, shown: figure.offsetWidth, measured: () => this.resized(),
        });
      } else if (bottom < y - height * 6 || top > y + height * 8) empty(figure);
    });
  }

  // Flowing past the last page completes a chapter; flowing back completes nothing.
  flowInto(chapter) {
    const chapters = this.bands.map((band) => band.chapter);
    const isForward = chapters.indexOf(chapter) > chapters.indexOf(this.reader.chapter);
    this.reader.flowInto(chapter, { finished: isForward });
  }

  async flowOn() {
    const last = this.bands.at(-1).chapter;
    const { element } = this;
    if (!last.next || this.isWaiting) return;
    this.isWaiting = true;
    try {
      const chapter = await this.reader.chapters.load(last.next);
      if (element !== this.element || this.bands.at(-1).chapter !== last) return;
      this.add(chapter);
      this.measure();
      this.dropAbove();
      this.look({ turned: false });
    } catch { /* the band stays; the next scroll asks again */ } finally { this.isWaiting = false; }
  }

  // What leaves above leaves the scroll in the same frame.
  dropAbove() {
    while (this.bands.length > CHAPTERS && this.bands[0].chapter !== this.reader.chapter) {
      const { band, chapter } = this.bands.shift();
      const before = this.element.offsetHeight;
      this.boxes = this.boxes.filter((each) => each.chapter !== chapter || each.figure.remove());
      band.remove();
      this.stage.scrollTop -= before - this.element.offsetHeight;
      this.offsets = this.boxes.map(({ figure }) => figure.offsetTop);
    }
  }

  visible() { return [this.index]; }

  first() { return this.index; }

  place() {
    const { figure, index, chapter } = this.boxes[this.at];
    const { scrollTop: y, clientHeight: height } = this.stage;
    const part = (y + height * LINE - this.offsets[this.at]) / figure.offsetHeight;
    const foot = this.offsets[this.at] + figure.offsetHeight;
    return {
      page: index + 1,
      fraction: Math.min(1, Math.max(0, Math.round(part * 1000) / 1000)),
      done: index === chapter.pages.length - 1 && (this.isAtEnd() || foot <= y + height + 2),
    };
  }

  goTo(index) {
    const at = this.boxes.findIndex((each) => each.chapter === this.reader.chapter && each.index === index);
    this.stage.scrollTop = this.offsets[at];
    this.look({ jumped: true });
  }

  step(way) {
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    this.stage.scrollBy({ top: way * this.stage.clientHeight * STEP, behavior });
  }

  read(way) { this.step(way); }

  retry() {
    for (const { figure } of this.boxes) if (figure.classList.contains('bad')) empty(figure);
    this.fill(this.stage.scrollTop, this.stage.clientHeight);
  }
}
