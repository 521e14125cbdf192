// Match review by keys alone: each thing to press names its key (`data-key`). A key that chose or
// moved leaves the focus where the next page can go on from.

const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select';

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(FIELDS) || document.documentElement.dataset.keys === 'off') return;
  if (document.querySelector(':popover-open, dialog[open]')) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!named) return;
  event.preventDefault();
  named.click();
});
document.querySelector('.queue [aria-current]')?.scrollIntoView({ block: 'nearest' });
