// Bookmarks as dots on the slider's track, and a small panel to write beside a page.
import { inTurn } from './turns.js';

const $ = (selector) => document.querySelector(selector);
const THUMB = 18;                                    // the slider's, in pixels

// Tags as one writes them in a field. Pure.
export const tagsOf = (text) => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];

export class Notes {
  constructor(reader) {
    this.reader = reader;
    this.drafts = new Map();                         // what was written and not saved, by page
    this.dots = $('#marks');
    this.dialog = $('#note');
    this.form = this.dialog.querySelector('form');
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.save(); });
    this.dialog.querySelector('[data-note=cancel]').addEventListener('click', () => this.close());
    this.eraser = this.dialog.querySelector('[data-note=erase]');
    this.eraser.addEventListener('click', () => this.erase());
    this.dialog.addEventListener('close', () => this.keepDraft());
  }

  // The page on screen; of two, the one read first.
  here() {
    const { reader } = this;
    const index = reader.view.visible()[0];
    if (index === undefined) reader.controls.say('Turn back to a page first.');
    return index;
  }

  isMarked(index) { return this.reader.chapter.bookmarks.includes(index + 1); }

  noteOn(index) { return this.reader.chapter.notes.find((note) => note.page === index + 1); }

  toggle(index = this.here()) {
    if (index === undefined) return undefined;
    return this.mark(this.reader.chapter, index + 1, !this.isMarked(index));
  }

  async mark(chapter, number, on) {
    const { controls } = this.reader;
    this.put(chapter, number, on);
    controls.ask(on ? `Page ${number} is bookmarked.` : `The bookmark is off page ${number}.`, 'Undo', () => this.mark(chapter, number, !on));
    if (await this.send(on ? 'PUT' : 'DELETE', `chapters/${chapter.id}/bookmarks/${number}`)) return;
    this.put(chapter, number, !on);
    controls.say('The bookmark could not be saved. Try again in a moment.');
  }

  put(chapter, number, on) {
    const others = chapter.bookmarks.filter((page) => page !== number);
    chapter.bookmarks = on ? [...others, number] : others;
    this.paint();
  }

  paint() {
    const { bookmarks, pages, id } = this.reader.chapter;
    const isRtl = this.reader.direction() === 'rtl';
    const shown = `${id} ${isRtl} ${bookmarks}`;
    if (shown === this.painted) return;
    this.painted = shown;
    this.dots.replaceChildren(...bookmarks.map((number) => {
      const part = (number - 1) / Math.max(1, pages.length - 1);
      const dot = document.createElement('i');
      dot.style.left = `calc(${THUMB / 2}px + (100% - ${THUMB}px) * ${isRtl ? 1 - part : part})`;
      return dot;
    }));
  }

  // ---- the panel

  open(index = this.here()) {
    if (index === undefined) return;
    this.chapter = this.reader.chapter;
    this.number = index + 1;
    this.note = this.noteOn(index);
    this.isDone = false;
    const { text, tags } = this.form.elements;
    const draft = this.drafts.get(this.key()) ?? { text: this.note?.text ?? '', tags: this.note?.tags.join(', ') ?? '' };
    Object.assign(text, { value: draft.text });
    Object.assign(tags, { value: draft.tags });
    this.dialog.querySelector('h2').textContent = `Note on page ${this.number}`;
    this.eraser.hidden = !this.note;
    this.dialog.showModal();
    text.focus();
  }

  key() { return `${this.chapter.id} ${this.number}`; }

  close() {
    this.isDone = true;
    this.dialog.close();
  }

  // Escape loses nothing: opened again, the panel has the words.
  keepDraft() {
    const { text, tags } = this.form.elements;
    if (this.isDone) this.drafts.delete(this.key());
    else this.drafts.set(this.key(), { text: text.value, tags: tags.value });
  }

  async save() {
    const { text, tags } = this.form.elements;
    const { chapter, note, number } = this;
    const body = { text: text.value, tags: tagsOf(tags.value) };
    const saved = note
      ? await this.send('PATCH', `notes/${note.id}`, body)
      : await this.send('POST', `chapters/${chapter.id}/notes`, { page: number, ...body });
    if (!saved) { this.reader.controls.say('The note could not be saved. It stays here until you leave.'); return; }
    chapter.notes = [...chapter.notes.filter((each) => each !== note), saved];
    this.close();
    this.reader.controls.say('The note is saved.');
  }

  async erase() {
    const { chapter, note, number } = this;
    if (!await this.send('DELETE', `notes/${note.id}`)) { this.reader.controls.say('The note could not be erased. Try again in a moment.'); return; }
    chapter.notes = chapter.notes.filter((each) => each !== note);
    this.close();
    this.reader.controls.ask('The note is erased.', 'Undo', async () => {
      const { text, tags } = note;
      const again = await this.send('POST', `chapters/${chapter.id}/notes`, { page: number, text, tags });
      if (again) chapter.notes.push(again);
    });
  }

  // What the server answers, or null.
  async send(method, path, body) {
    const { api, csrf } = this.reader;
    const answer = await inTurn(() => fetch(`${api}${path}`, {
      method, keepalive: true, body: body && JSON.stringify(body),
      headers: { ...(body && { 'Content-Type': 'application/json' }), 'X-CSRFToken': csrf },
    }));
    if (!answer?.ok) return null;
    return answer.status === 204 ? {} : answer.json();
  }
}
