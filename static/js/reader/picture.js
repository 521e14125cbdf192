// One page: a box of the right size that is there before its image.
import { ratioOf, widthFor } from './geometry.js';

export function box(page, index) {
  const figure = document.createElement('figure');
  figure.className = 'pg';
  figure.dataset.n = index + 1;
  figure.style.setProperty('--r', ratioOf(page).toFixed(4));
  return figure;
}

// The address of the page for a place this many CSS pixels wide.
function address(page, shown) {
  const width = page.whole ? 0 : widthFor(shown * devicePixelRatio, page.w);
  return width ? `${page.src}?width=${width}` : page.src;
}

// A larger image behind the box, which shows what `crop` leaves of it.
function place(image, [left, top, right, bottom]) {
  const [wide, high] = [right - left, bottom - top];
  Object.assign(image.style, {
    inset: 'auto', left: `${(-100 * left) / wide}%`, top: `${(-100 * top) / high}%`,
    inlineSize: `${100_000 / wide}%`, blockSize: `${100_000 / high}%`,
  });
}

// Fill the box, `shown` CSS pixels wide. `measured` is called when the image tells a size that was only guessed.
export function load(figure, page, index, { priority, crop = null, shown = Infinity, measured = () => {} }) {
  if (figure.firstChild) return figure.ready;
  if (page.problem) { figure.classList.add('broken'); figure.ready = Promise.resolve(); return figure.ready; }
  const image = new Image(page.w, page.h);
  Object.assign(image, { alt: `Page ${index + 1}`, decoding: 'async', fetchPriority: priority, draggable: false });
  image.addEventListener('error', () => figure.classList.add('bad'));
  figure.crop = crop;
  if (crop) place(image, crop);
  image.src = address(page, crop ? (shown * 1000) / (crop[2] - crop[0]) : shown);
  figure.append(image);
  figure.ready = image.decode().then(() => {
    figure.classList.remove('bad');
    figure.classList.add('ok');
    if (!page.guessed) return;
    Object.assign(page, { w: image.naturalWidth, h: image.naturalHeight, guessed: false });   // never a scaled one: too small a guess
    measured(page);
  }, () => {});
  return figure.ready;
}

// Magnified, only the original will do.
export async function sharpen(figure, page) {
  const image = figure.querySelector('img');
  if (!image || image.getAttribute('src') === page.src) return;
  const whole = Object.assign(new Image(), { src: page.src });
  await whole.decode().catch(() => {});
  if (image.isConnected && whole.naturalWidth) image.src = page.src;
}

export function empty(figure) {
  figure.replaceChildren();
  figure.classList.remove('ok', 'bad');
}

// A small one, for previews.
export function thumbnail(page, height) {
  const image = new Image(Math.round(height * ratioOf(page)), height);
  Object.assign(image, { alt: '', loading: 'lazy', decoding: 'async', fetchPriority: 'low', src: `${page.src}?width=240` });
  return image;
}
