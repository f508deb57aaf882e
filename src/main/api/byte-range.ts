/** `Range` headers. Pure. */

/** One range (RFC 9110 14.1.2), both ends included; null for none or several, which get the whole file. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [match[1], match[2]].map((text) => (text === '' ? null : Number(text))) as [
    number | null,
    number | null,
  ];
  if (first !== null && last !== null && last < first) return null;
  const start = first ?? Math.max(0, size - (last ?? 0));
  const end = first === null ? size - 1 : Math.min(last ?? size - 1, size - 1);
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}
