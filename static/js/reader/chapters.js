// Chapters as the server describes them, each asked for once.

export class Chapters {
  constructor(first) {
    this.loading = new Map([[first.id, Promise.resolve(first)]]);
    this.ready = new Map([[first.id, first]]);
  }

  get(reference) { return reference && this.ready.get(reference.id); }

  load(reference) {
    if (!this.loading.has(reference.id)) {
      const asked = this.ask(reference).then((chapter) => {
        this.ready.set(chapter.id, chapter);
        return chapter;
      });
      asked.catch(() => this.loading.delete(reference.id));   // the next wish asks again
      this.loading.set(reference.id, asked);
    }
    return this.loading.get(reference.id);
  }

  async ask(reference) {
    const answer = await fetch(`${reference.url}?as=data`, { headers: { Accept: 'application/json' }, redirect: 'error' });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    return said;
  }
}
