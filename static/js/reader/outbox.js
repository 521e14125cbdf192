// Progress on its way to the server: one row per chapter, kept until the server has it.

const ACCEPTED_NEVER = new Set([400, 404, 410, 422]);

// The newer place wins; a finish is never lost. Pure.
export function merged(old, row) {
  if (!old) return row;
  const newer = Date.parse(row.at) >= Date.parse(old.at) ? row : old;
  return { ...newer, done: old.done || row.done };
}

// Whether what the server holds is further on, put there later by another device. Pure.
export const isFurther = (kept, row) => Date.parse(kept.at) > Date.parse(row.at) && kept.page > row.page;

// The server's answer in the words of a row. Pure.
export const stored = ({ page, fraction, page_count: pages, finished_at: finished, at, device }) => (
  { page, fraction, pages, done: Boolean(finished), at, device }
);

export class Outbox {
  constructor({ store, key, api, csrf, told = () => {} }) {
    Object.assign(this, { store, key, api, csrf, told });
    addEventListener('online', () => this.sendAll());
    setInterval(() => this.sendAll(), 30_000);
  }

  rows() { return this.store.recall(this.key, {}); }

  row(chapter) { return this.rows()[chapter]; }

  put(row) {
    const rows = this.rows();
    rows[row.chapter] = merged(rows[row.chapter], row);
    this.store.keep(this.key, rows);
    // Pages that one comes back to are older than this: ui.js asks for them anew.
    try { sessionStorage.read = Date.now(); } catch { /* private mode */ }
    return this.send(rows[row.chapter]);
  }

  sendAll() { return Promise.all(Object.values(this.rows()).map((row) => this.send(row))); }

  async send(row) {
    const { chapter, pages, ...body } = row;
    if (!('keepalive' in Request.prototype)) return this.beacon(chapter, body);
    let answer;
    try {
      answer = await fetch(`${this.api}chapters/${chapter}/progress`, {
        method: 'PUT', keepalive: true, body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.csrf },
      });
    } catch { return undefined; }               // offline: it stays here
    if (answer.ok || ACCEPTED_NEVER.has(answer.status)) this.drop(row);
    if (answer.ok) this.told(row, stored(await answer.json()));
    return answer.ok;
  }

  beacon(chapter, body) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...body, csrfmiddlewaretoken: this.csrf })) form.set(name, value);
    return navigator.sendBeacon(`/read/${chapter}/progress`, form);
  }

  drop(row) {
    const rows = this.rows();
    if (rows[row.chapter]?.at !== row.at) return;   // turned on meanwhile
    delete rows[row.chapter];
    this.store.keep(this.key, rows);
  }
}
