// What a tap means. Pure: client coordinates, so that no zoom stretches the zones.

export function zoneAt(x, y, width, height, { zones = 'edges', direction = 'rtl', swap = false, layout = 'single' } = {}) {
  const across = x / width;
  const down = y / height;
  if (zones === 'off') return 'controls';
  if (layout === 'scroll' || zones === 'l') {
    if (down < 0.3) return 'back';
    if (down > 0.7) return 'next';
    if (layout === 'scroll') return 'controls';
  }
  if (across >= 0.3 && across <= 0.7) return 'controls';
  const nextIsRight = (direction === 'ltr') !== swap;
  return across > 0.7 === nextIsRight ? 'next' : 'back';
}
