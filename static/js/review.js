// Match review and findings by keys alone: each thing to press names its key (`data-key`), and in a
// row (`data-row`) that of the row is meant. Where nothing names J and K, they walk the rows. A key
// that chose or moved leaves the focus where the next page can go on from.

const STEPS = { j: 1, k: -1 };
const walk = (here, step) => {
  const rows = [...document.querySelectorAll('[data-row]')];
  const link = rows.at(Math.max(0, rows.indexOf(here) + step))?.querySelector('a[href]');
  link?.focus();
  return Boolean(link);
};
const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select';

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(FIELDS) || document.documentElement.dataset.keys === 'off') return;
  if (document.querySelector(':popover-open, dialog[open]')) return;
  const key = `[data-key="${CSS.escape(event.key)}"]`;
  const row = event.target.closest?.('[data-row]');
  const named = row?.querySelector(key) ?? document.querySelector(key);
  if (named || (STEPS[event.key] && walk(row, STEPS[event.key]))) event.preventDefault();
  named?.click();
});
document.querySelector('.queue [aria-current]')?.scrollIntoView({ block: 'nearest' });
