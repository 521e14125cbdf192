// All pages of the chapter, in reading direction.
import { thumbnail } from './picture.js';

const HIGH = 132;

export class Wall {
  constructor(reader) {
    this.reader = reader;
    this.dialog = document.querySelector('#wall');
    this.grid = this.dialog.querySelector('.g');
    this.grid.addEventListener('click', ({ target }) => {
      const button = target.closest('button');
      if (!button) return;
      this.dialog.close();
      reader.jump(Number(button.value) - 1);
    });
    this.dialog.addEventListener('close', () => this.grid.replaceChildren());
  }

  open() {
    const { reader, grid } = this;
    const shown = reader.view.visible();
    grid.dir = reader.direction();
    grid.replaceChildren(...reader.chapter.pages.map((page, index) => {
      const button = Object.assign(document.createElement('button'), { value: index + 1 });
      button.append(thumbnail(page, HIGH), String(index + 1));
      button.setAttribute('aria-label', `Page ${index + 1}`);
      if (shown.includes(index)) button.setAttribute('aria-current', 'true');
      return button;
    }));
    this.dialog.showModal();
    grid.querySelector('[aria-current]')?.focus();
  }
}
