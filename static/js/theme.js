// Runs before the first paint, so that a chosen theme never flashes.
(() => {
  try {
    const { theme, display } = localStorage;
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
    if (display === 'eink') document.documentElement.dataset.display = display;
  } catch { /* no storage: the system's choice stands */ }
})();
