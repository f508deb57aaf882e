/** How well what is typed into the palette fits a label. Pure. */

/**
 * How well the typed words fit a label: 0 not at all, more is better. Every word must begin one of the label's words,
 * or stand somewhere within it.
 */
export function rankMatch(text: string, label: string): number {
  const typed = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const lower = label.toLowerCase();
  const words = lower.split(/[\s:,]+/);
  let rank = 1;
  for (const part of typed) {
    if (words.some((word) => word.startsWith(part))) rank += 2;
    else if (lower.includes(part)) rank += 1;
    else return 0;
  }
  return lower.startsWith(text.trim().toLowerCase()) ? rank + 1 : rank;
}
