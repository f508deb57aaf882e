/** How labels are compared when events are searched; shared by the index and by those who search. */

const SYNONYMS: Record<string, string> = { people: 'human', person: 'human' };

/** The key a label is searched by: case and plural s do not matter; people, person and human are one, and so are blue and _color_blue. */
export function labelKey(label: string): string {
  const lower = label.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const plain = lower.startsWith('_color_') && lower.length > 7 ? lower.slice(7) : lower;
  const singular = plain.length > 1 && plain.endsWith('s') ? plain.slice(0, -1) : plain;
  return SYNONYMS[singular] ?? singular;
}
