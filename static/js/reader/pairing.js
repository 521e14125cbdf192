// Which pages stand beside each other. Pure: pages are {w, h}, numbers are 0-based indexes.

export const isWide = (page) => page.w / page.h >= 1.15;

// Does page 1 stand alone? What the reader said decides first. Else parity: in print a wide page
// always fills a facing pair, so what precedes the first one must pair up evenly, and an odd
// count means that page 1 is a cover. Without a wide page: as the series is set.
export function firstStandsAlone(pages, { flip = null, coverAlone = true } = {}) {
  if (flip !== null) return flip;
  const wide = pages.findIndex(isWide);
  return wide > 0 ? wide % 2 === 1 : coverAlone;
}

// The spreads in reading order, each a list of one or two indexes. Pairing starts anew after
// every wide page and every page pinned alone, so one odd page cannot shift all that follow.
export function spreadsOf(pages, { double = false, alone = true, pinned = new Set() } = {}) {
  const single = (i) => i >= pages.length || isWide(pages[i]) || pinned.has(i);
  const spreads = [];
  for (let i = 0; i < pages.length;) {
    const paired = double && !single(i) && !single(i + 1) && !(i === 0 && alone);
    spreads.push(paired ? [i, i + 1] : [i]);
    i += paired ? 2 : 1;
  }
  return spreads;
}
