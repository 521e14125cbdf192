// The calm page between two chapters; in Scroll, the band.

// Titles are other people's text: never innerHTML.
const make = (tag, name, text, more = {}) => Object.assign(document.createElement(tag), { className: name, textContent: text, ...more });

// "Chapter 41" within a sentence; a file's name stays as it is.
const within = (label) => (/^(Chapter|Volume)s? /.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

export function turnCard(chapter, series, goOn) {
  const { next } = chapter;
  const card = make('section', 'turn', '', { dir: 'ltr' });   // the stage may run right to left; sentences do not
  card.append(make('p', 'fin', `Finished ${within(chapter.heading)}`));
  if (!next) {
    card.append(
      make('h2', '', 'You are up to date'),
      make('p', 'fin', 'This is the last chapter in your files.'),
      make('a', 'btn line lg', 'Series page', { href: series.url }),
    );
    return card;
  }
  if (next.gap) card.append(make('p', 'miss', next.gap));
  card.append(make('p', 'fin', 'Next'), make('h2', '', next.heading));
  if (next.byAnother) card.append(make('p', 'fin', next.byAnother));
  card.append(make('button', 'btn read lg', 'Keep reading', { onclick: goOn }));
  return card;
}
