// Runs before the first paint: the API's page takes the theme of the other pages.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dress = () => root.classList.toggle('dark-mode', (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark');
  system.addEventListener('change', dress);
  dress();
})();
