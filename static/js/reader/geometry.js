// Sizes and places. Pure.

export const ratioOf = (page) => page.w / page.h;

// The last start at or above a line: right at any scroll speed, unlike intersection events.
export function pageAt(offsets, y) {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle] <= y) low = middle; else high = middle - 1;
  }
  return low;
}

// Two pages need a stage that is wider than high; the choice itself stays as it is.
export const layoutFor = (layout, width, height) => (layout === 'double' && width < 1.05 * height ? 'single' : layout);

// A chapter of tall slices opens in Scroll, unless the series has a layout of its own.
export function openingLayout(pages, layout, origin) {
  if (origin === 'series' || !pages.length) return layout;
  const heights = pages.map((page) => page.h / page.w).sort((a, b) => a - b);
  return heights[heights.length >> 1] > 2.2 ? 'scroll' : layout;
}

// Which spreads to hold, nearest first: what is shown, what comes, what was.
export function heldAround(current, count, { ahead = 3, behind = 1 } = {}) {
  const held = [current];
  for (let distance = 1; distance <= Math.max(ahead, behind); distance += 1) {
    if (distance <= ahead && current + distance < count) held.push(current + distance);
    if (distance <= behind && current - distance >= 0) held.push(current - distance);
  }
  return held;
}

// The width to ask the server for: the next above what the screen shows, so that a changed
// window rarely asks again. 0 for the original, unless that is at least twice as wide.
const WIDTHS = [800, 1200, 1600];
export function widthFor(shown, original) {
  const width = WIDTHS.find((each) => each >= shown) ?? 0;
  return width * 2 <= original ? width : 0;
}

// How wide a spread of this ratio lies on the stage, in CSS pixels.
export function spreadWidth(fit, ratio, width, height) {
  return { screen: Math.min(width, height * ratio), width, height: height * ratio }[fit] ?? Infinity;
}

// The pages of a spread as they are shown: with `trim` without their margins, of which `crop` says in
// thousandths what is left. Both pages of a pair lose the same at the top and at the bottom, so that
// they stay of one height; no side loses more than a quarter, and a little paper stays.
const [MOST, PAPER] = [250, 6];
export function trimmed(pages, trim) {
  if (!trim) return pages;
  const boxes = pages.map(({ box = [0, 0, 1000, 1000] }) => [
    ...box.slice(0, 2).map((side) => Math.min(MOST, Math.max(0, side - PAPER))),
    ...box.slice(2).map((side) => Math.max(1000 - MOST, Math.min(1000, side + PAPER))),
  ]);
  const top = Math.min(...boxes.map((box) => box[1]));
  const bottom = Math.max(...boxes.map((box) => box[3]));
  return pages.map(({ w, h }, at) => {
    const [left, , right] = boxes[at];
    return { w: (w * (right - left)) / 1000, h: (h * (bottom - top)) / 1000, crop: [left, top, right, bottom] };
  });
}

// What a screen reader hears, and the slider says.
export function words(shown, pages) {
  const count = pages.length;
  if (!shown.length) return 'End of chapter';
  if (shown.length > 1) return `Pages ${shown[0] + 1} and ${shown[1] + 1} of ${count}`;
  const { w, h } = pages[shown[0]];
  return `Page ${shown[0] + 1} of ${count}${w / h >= 1.15 ? ', wide' : ''}`;
}

export const numbers = (shown) => shown.map((index) => index + 1).join('–');
