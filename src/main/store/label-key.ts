/** How labels are compared when events are searched; shared by the index and by those who search. */

const SYNONYMS: Record<string, string> = { people: 'human', person: 'human' };

/** The key a label is searched by: case and plural s do not matter; people, person and human are one. */
export function labelKey(label: string): string {
  const lower = label.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const singular = lower.length > 1 && lower.endsWith('s') ? lower.slice(0, -1) : lower;
  return SYNONYMS[singular] ?? singular;
}
