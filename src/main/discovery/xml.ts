/** Reading XML that a device on the network sent: namespaces left out, entities left alone, nothing trusted to be there. */
import { XMLParser } from 'fast-xml-parser';

export type XmlNode = Record<string, unknown>;

const OPTIONS = {
  ...{ removeNSPrefix: true, processEntities: false, textNodeName: 'text' },
  ...{ parseTagValue: false, parseAttributeValue: false, attributeNamePrefix: '@' },
};

/** For documents whose attributes say nothing of interest. */
export const attributelessParser = new XMLParser({ ...OPTIONS, ignoreAttributes: true });
export const attributeParser = new XMLParser({ ...OPTIONS, ignoreAttributes: false });

/** How deep a document is looked into. */
const DEEPEST = 30;

/** Every element of a name below `node`, in order. */
export function findAll(node: unknown, name: string, depth = 0): XmlNode[] {
  if (depth > DEEPEST || typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((one) => findAll(one, name, depth + 1));
  return Object.entries(node).flatMap(([key, value]) =>
    key === name ? listOf(value).map(nodeOf) : findAll(value, name, depth + 1),
  );
}

/** The first element of a name, or an empty one. */
export function findFirst(node: unknown, name: string): XmlNode {
  return findAll(node, name)[0] ?? {};
}

/** The text of an element; empty where it is absent. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return unescapeXml(value.trim());
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value === 'object' && value !== null) return textOf((value as XmlNode).text ?? '');
  return '';
}

/** Its number; null where there is none. */
export function numberOf(value: unknown): number | null {
  const text = textOf(value);
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : null;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** The five entities of XML itself: stream addresses hold `&amp;`. */
function unescapeXml(text: string): string {
  const plain: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => plain[name]!);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function nodeOf(value: unknown): XmlNode {
  return typeof value === 'object' && value !== null ? (value as XmlNode) : { text: value };
}
