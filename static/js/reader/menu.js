// What one may do with the page under a long press, the other button or the menu key.

export class Menu {
  constructor(reader) {
    this.reader = reader;
    this.element = document.querySelector('#page-menu');
    this.alone = this.element.querySelector('[data-menu=alone]');
    this.bookmark = this.element.querySelector('[data-menu=bookmark]');
    this.note = this.element.querySelector('[data-menu=note]');
    this.save = this.element.querySelector('[data-menu=save]');
    this.bookmark.addEventListener('click', () => { this.element.hidePopover(); reader.notes.toggle(this.index); });
    this.note.addEventListener('click', () => { this.element.hidePopover(); reader.notes.open(this.index); });
    this.alone.addEventListener('click', () => { this.element.hidePopover(); reader.standAlone(this.index); });
    this.save.addEventListener('click', () => this.element.hidePopover());
  }

  open(x, y) {
    const { reader, element } = this;
    const figures = [...reader.stage.querySelectorAll('.spread.on .pg, .strip .pg')];
    const isUnder = (figure) => {
      const { left, right, top, bottom } = figure.getBoundingClientRect();
      return x >= left && x <= right && y >= top && y <= bottom;
    };
    const figure = figures.find(isUnder) ?? (reader.isScrolling() ? null : figures[0]);
    if (!figure) return;
    this.index = figure.dataset.n - 1;
    const number = this.index + 1;
    const isPinned = reader.chapter.pairing.alone.includes(number);
    element.querySelector('p').textContent = `Page ${number}`;
    this.bookmark.textContent = reader.notes.isMarked(this.index) ? 'Take the bookmark off' : 'Bookmark';
    this.note.textContent = reader.notes.noteOn(this.index) ? 'Open the note' : 'Write a note';
    this.alone.hidden = reader.layout() !== 'double';
    this.alone.textContent = isPinned ? 'Show in a pair' : 'Show alone';
    Object.assign(this.save, { href: figure.querySelector('img')?.src ?? '', download: `${reader.series.title}, ${reader.chapter.label}, page ${number}` });
    element.showPopover();
    const { offsetWidth: width, offsetHeight: height } = element;
    Object.assign(element.style, {
      left: `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`, top: `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`,
    });
  }
}
