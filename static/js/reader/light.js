// Brightness, warmth, greyscale and negative as one CSS filter, none at defaults. Pure.

export function filterFor({ brightness = 100, warmth = 0, greyscale = false, negative = false }) {
  return [
    brightness !== 100 && `brightness(${brightness}%)`,
    warmth > 0 && `sepia(${warmth}%)`,
    greyscale && 'grayscale(1)',
    negative && 'invert(1)',
  ].filter(Boolean).join(' ') || 'none';
}
