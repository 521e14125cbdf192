// Small behaviour shared by every page except the reader. No dependencies.
const root = document.documentElement;
const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]';
const isTyping = (event) => event.target.closest?.(FIELDS);
const isSeen = (element) => element.checkVisibility();

// --- theme ---------------------------------------------------------------------------

const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-theme-toggle]')) return;
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try { localStorage.theme = root.dataset.theme; } catch { /* private mode */ }
});

// --- back from the reader ----------------------------------------------------------------

// Back shows a page as the browser kept it, with the place where one was before.
addEventListener('pageshow', ({ persisted }) => {
  let read = 0;
  try { read = Number(sessionStorage.read ?? 0); } catch { /* private mode */ }
  const { type, transferSize } = performance.getEntriesByType('navigation')[0];
  const kept = persisted ? performance.timeOrigin : type === 'back_forward' && transferSize === 0 ? 1 : Infinity;
  if (read > kept) location.reload();
});

// --- tints of what arrives later -------------------------------------------------------

// The page itself brings its tints in a <style nonce>; fragments carry data-tint alone. An
// observer runs before the next paint.
const tint = (element) => {
  if (element.dataset.tint) element.style.setProperty('--tint', element.dataset.tint);
  element.querySelectorAll('[data-tint]').forEach((one) => one.style.setProperty('--tint', one.dataset.tint));
};
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) tint(node);
}).observe(document.body, { childList: true, subtree: true });

// --- arrow keys walk a grid or list of links by geometry; Home and End jump ---------------

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const middle = (element) => {
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
};
document.addEventListener('keydown', (event) => {
  const box = event.target.closest?.('[data-roving]');
  const way = WAYS[event.key];
  if (!box || isTyping(event) || event.altKey || (!way && event.key !== 'Home' && event.key !== 'End')) return;
  const links = [...box.querySelectorAll('a[href]')].filter(isSeen);
  let best = way ? undefined : links.at(event.key === 'Home' ? 0 : -1);
  if (way) {
    const [x, y] = middle(event.target);
    let least = Infinity;
    for (const link of links) {
      const [ax, ay] = middle(link);
      const along = (ax - x) * way[0] + (ay - y) * way[1];
      const across = Math.abs((ax - x) * way[1]) + Math.abs((ay - y) * way[0]);
      if (along > 4 && along + across * 3 < least) { least = along + across * 3; best = link; }
    }
  }
  if (best) { event.preventDefault(); best.focus(); }
});

// --- single keys (off where the user turned them off, WCAG 2.1.4) --------------------------

const go = (link) => { if (link) location.href = link.href ?? link; return Boolean(link); };
const first = (selector) => [...document.querySelectorAll(selector)].find(isSeen);
const search = () => {
  const field = first('[data-search]');
  if (field) { field.focus(); field.select(); }
  return field ? true : go('/search');
};
const press = (event, selector) => {
  const button = event.target.closest?.('[data-row]')?.querySelector(selector);
  button?.click();
  return Boolean(button);
};
// Who changes the order by hand need not leave the row.
const MOVES = { ArrowUp: '[data-move="earlier"]', ArrowDown: '[data-move="later"]' };
document.addEventListener('keydown', (event) => {
  if (event.altKey && MOVES[event.key] && !isTyping(event) && press(event, MOVES[event.key])) event.preventDefault();
});
const KEYS = {
  '/': search,
  c: () => go(first('a.btn.read')),
  l: () => { const fold = first('[data-lists]'); if (fold) { fold.open = true; fold.querySelector('.chip, .input')?.focus(); } return Boolean(fold); },
  w: () => { const button = first('button.watch'); button?.click(); return Boolean(button); },
  r: (event) => press(event, '[data-mark="one"]'),
  R: (event) => press(event, '[data-mark="up-to"]'),
};
const PLACES = { h: '/', l: '/library', s: '/search', w: '/watching', a: '/activity' };
let pressedG = 0;
document.addEventListener('keydown', (event) => {
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === 'off') return;
  if (document.querySelector(':popover-open, dialog[open]')) return;
  const second = Date.now() - pressedG < 900;
  pressedG = event.key === 'g' ? Date.now() : 0;
  if (second && PLACES[event.key]) { event.preventDefault(); go(PLACES[event.key]); return; }
  if (KEYS[event.key]?.(event)) event.preventDefault();
});

// --- menus open beside their button (in the middle of the screen without this) ------------

document.addEventListener('toggle', (event) => {
  const menu = event.target;
  if (event.newState !== 'open' || !menu.matches('.menu[popover]')) return;
  const button = first(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  Object.assign(menu.style, { position: 'fixed', margin: '0', inlineSize: 'max-content', minInlineSize: '200px' });
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, at.top - height - 6) : below;
  const left = Math.min(Math.max(8, at.right - width), innerWidth - width - 8);
  menu.style.inset = `${top}px auto auto ${left}px`;
}, true);

// --- htmx ------------------------------------------------------------------------------

let told;
const tell = (words) => {
  told?.remove();
  told = Object.assign(document.createElement('p'), { className: 'toast', role: 'alert', textContent: words });
  document.body.append(told);
  setTimeout(() => told.remove(), 8000);
};
document.addEventListener('htmx:responseError', () => tell('That did not work. Reload the page and try again.'));
document.addEventListener('htmx:sendError', () => tell('The server does not answer. What is on the screen stays.'));
// What was typed into the search before it was bound is searched for as well.
document.addEventListener('htmx:load', ({ target }) => {
  const field = target === document.body && first('[hx-get] [data-search]');
  if (field && field.value !== field.defaultValue) field.form.requestSubmit();
});
// The session has ended: sign in, instead of finding that page inside this one.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (new URL(event.detail.xhr.responseURL).pathname !== '/login') return;
  event.detail.shouldSwap = false;
  location.reload();
});
// htmx carries attributes over to what has the same id; a style attribute it may not write.
document.addEventListener('htmx:beforeSwap', () => {
  for (const menu of document.querySelectorAll('.menu[style]')) {
    menu.hidePopover();
    menu.removeAttribute('style');
  }
});

// --- small things ----------------------------------------------------------------------

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  // Without https a browser gives no clipboard: select it for the hand.
  getSelection().selectAllChildren(text);
  try { await navigator.clipboard.writeText(text.textContent); tell('Copied.'); } catch { tell('It is selected: copy it with Ctrl+C.'); }
});
document.querySelector('[aria-invalid="true"]')?.focus();
document.querySelectorAll('.tabs [aria-current]').forEach((tab) => tab.scrollIntoView({ inline: 'center', block: 'nearest' }));
