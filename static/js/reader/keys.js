// The keyboard: left and right are sides, the rest follows reading order.

const ALWAYS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', ' ', 'Home', 'End', 'PageUp', 'PageDown', 'Escape', 'Enter']);
const BY_HAND = 90;                                  // pixels

export function listen(reader) {
  const { choices, controls, stage, zoom } = reader;
  const bySide = (side) => () => reader.step(reader.sideOfNext() === side ? 1 : -1);
  const keys = {
    ArrowLeft: bySide('left'),
    ArrowRight: bySide('right'),
    ArrowDown: () => stage.scrollBy({ top: BY_HAND }),
    ArrowUp: () => stage.scrollBy({ top: -BY_HAND }),
    PageDown: () => reader.read(1),
    PageUp: () => reader.read(-1),
    ' ': (event) => reader.read(event.shiftKey ? -1 : 1),
    j: () => reader.step(1),
    k: () => reader.step(-1),
    Home: () => reader.jump(0),
    End: () => reader.jump(reader.chapter.pages.length - 1),
    n: () => reader.goToChapter(1),
    ']': () => reader.goToChapter(1),
    p: () => reader.goToChapter(-1),
    '[': () => reader.goToChapter(-1),
    1: () => choices.set('layout', 'single'),
    2: () => choices.set('layout', 'double'),
    3: () => choices.set('layout', 'scroll'),
    d: () => choices.cycle('direction'),
    z: () => choices.cycle('fit'),
    o: () => reader.shift(),
    c: () => reader.toggleTrim(),
    '+': () => zoom.by(1.25),
    '=': () => zoom.by(1.25),
    '-': () => zoom.by(0.8),
    0: () => zoom.reset(),
    x: () => choices.set('greyscale', !choices.value('greyscale')),
    i: () => choices.set('negative', !choices.value('negative')),
    r: () => reader.view.retry(),
    b: () => reader.notes.toggle(),
    a: () => reader.notes.open(),
    g: () => { controls.toggle(true); reader.slider.focus(); },
    t: () => reader.wall.open(),
    s: () => controls.settings.togglePopover(),
    h: () => controls.keys.showModal(),
    '?': () => controls.keys.showModal(),
    f: () => reader.screen.toggleFull(),
    m: () => controls.toggle(),
    Enter: () => controls.toggle(),
    Escape: () => (controls.isShown() ? controls.close.click() : controls.toggle(true)),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const isField = event.target.closest?.('input, select, textarea');
    const isControl = event.target.closest?.('button, a, summary, label');
    if (isField && event.key !== 'Escape') return;
    if (isControl && (event.key === 'Enter' || event.key === ' ')) return;
    if (event.key === 'Escape' && controls.settings.matches(':popover-open')) return;
    if (document.documentElement.dataset.keys === 'off' && !ALWAYS.has(event.key)) return;
    const act = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
