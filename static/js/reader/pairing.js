// Which pages stand beside each other. Pure: pages are {w, h}, numbers are 0-based indexes.

export const isWide = (page) => page.w / page.h >= 1.15;

// Does page 1 stand alone? What the reader said decides first. Else parity: in print a wide page
// always fills a facing pair, so what precedes the first one must pair up evenly, and an odd
// count means that page 1 is a cover. Without a wide page: as the series is set. Before all that
// counts, drawings that go on from page to page (`told`, see below) tell it.
export function firstStandsAlone(pages, { flip = null, coverAlone = true, told = [] } = {}) {
  if (flip !== null) return flip;
  const run = told.find(({ first }) => first === 1);
  if (run) return !run.pairs.includes(1);
  const wide = pages.findIndex(isWide);
  return wide > 0 ? wide % 2 === 1 : coverAlone;
}

// What the server made of the drawings: runs of pages (numbers from 1) of which it is sure, each with
// the first pages of its pairs. What a person said goes before it: a flip in the run of page 1, a
// page pinned alone in what follows it.
function begins(told, flip, pinned) {
  const known = new Map();
  for (const { first, last, pairs } of told) {
    if (first === 1 && flip !== null) continue;
    for (let number = first; number <= last && !pinned.has(number - 1); number += 1) known.set(number - 1, pairs.includes(number));
  }
  return known;
}

// The spreads in reading order, each a list of one or two indexes. Pairing starts anew after
// every wide page and every page pinned alone, so one odd page cannot shift all that follow.
export function spreadsOf(pages, { double = false, alone = true, flip = null, pinned = new Set(), told = [] } = {}) {
  const single = (i) => i >= pages.length || isWide(pages[i]) || pinned.has(i);
  const known = begins(told, flip, pinned);
  const spreads = [];
  for (let i = 0; i < pages.length;) {
    const paired = double && !single(i) && !single(i + 1) && (known.get(i) ?? !(i === 0 && alone));
    spreads.push(paired ? [i, i + 1] : [i]);
    i += paired ? 2 : 1;
  }
  return spreads;
}
