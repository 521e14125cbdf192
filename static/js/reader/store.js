// What stays on this device. Storage may be full, private or switched off.

export const recall = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};

export const keep = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept, then */ }
};
