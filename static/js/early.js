// Keys pressed before the page's scripts have bound theirs are pressed again once they have.
(() => {
  const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]';
  const pressed = [];
  const hold = (event) => {
    if (event.ctrlKey || event.metaKey || event.target.closest?.(FIELDS)) return;
    event.stopImmediatePropagation();  // who is bound already would obey twice
    if (!event.repeat) pressed.push(event);
  };
  const press = ({ key, code, altKey, shiftKey, target }) => {
    const at = document.activeElement ?? document.body;
    const again = new KeyboardEvent('keydown', { key, code, altKey, shiftKey, bubbles: true, cancelable: true });
    if (!at.dispatchEvent(again)) return;
    // Where a key before it led: what a script presses does nothing by itself.
    if (key === 'Enter' && at !== target && at.matches('a[href], button, summary')) at.click();
    if (!at.matches(FIELDS)) return;
    if (key === 'Enter') at.form?.requestSubmit();
    else if (key.length === 1) document.execCommand('insertText', false, key);
  };
  addEventListener('keydown', hold, true);
  // Modules have run by then; htmx binds its own at the same moment, after this.
  document.addEventListener('DOMContentLoaded', () => setTimeout(() => {
    removeEventListener('keydown', hold, true);
    pressed.forEach(press);
  }));
})();
