// The whole screen, kept awake, without an idle pointer.

const IDLE = 2000;

export class Screen {
  constructor() {
    let timer = 0;
    addEventListener('pointermove', ({ pointerType }) => {
      document.body.dataset.cursor = 'on';
      clearTimeout(timer);
      if (pointerType === 'mouse') timer = setTimeout(() => { document.body.dataset.cursor = 'off'; }, IDLE);
    }, { passive: true });
    document.addEventListener('visibilitychange', () => this.stayAwake());
    this.stayAwake();
  }

  // Only offered by browsers in a secure context; released by the browser on leaving.
  stayAwake() {
    if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {});
  }

  toggleFull() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return document.documentElement.requestFullscreen?.().catch(() => {});
  }
}
