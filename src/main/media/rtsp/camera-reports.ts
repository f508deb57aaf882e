/**
 * What a camera itself says of its scene and its state: the notifications in its ONVIF metadata (WS-BaseNotification messages of
 * ONVIF Core, 9). Keeps the newest of each topic and source.
 */
import { XMLParser } from 'fast-xml-parser';

export interface CameraReport {
  /** The topic's last word, spaced: 'Motion Alarm'; with the names of its source where it has any. */
  what: string;
  /** Its data: 'true', or 'name value' where there are several. */
  value: string;
  /** When it began to say so, by our clock. */
  sinceEpochMs: number;
}

const MAX_REPORTS = 32;
const MAX_WORDS = 120;
/** Entities are left alone: the text is not ours. */
const parser = new XMLParser({
  ...{ ignoreAttributes: false, attributeNamePrefix: '', removeNSPrefix: true, processEntities: false },
  ...{ parseTagValue: false, parseAttributeValue: false, textNodeName: 'text' },
  isArray: (name) => name === 'NotificationMessage' || name === 'SimpleItem',
});

export class CameraReports {
  private readonly newest = new Map<string, CameraReport>();

  /** Documents that make no sense are passed over. */
  document(xml: string, nowEpochMs: number): void {
    for (const { what, value } of readNotifications(xml)) {
      const before = this.newest.get(what);
      if (before?.value === value) continue;
      this.newest.delete(what);
      this.newest.set(what, { what, value, sinceEpochMs: nowEpochMs });
      if (this.newest.size > MAX_REPORTS) this.newest.delete(this.newest.keys().next().value!);
    }
  }

  /** The newest first. */
  list(): CameraReport[] {
    return [...this.newest.values()].reverse();
  }
}

/** Every notification of a document, in order; none where it is damaged. */
export function readNotifications(xml: string): Array<Pick<CameraReport, 'what' | 'value'>> {
  try {
    return findAll(parser.parse(xml), 'NotificationMessage').flatMap(readNotification);
  } catch {
    return [];
  }
}

type Node = Record<string, unknown>;

function readNotification(message: Node): Array<Pick<CameraReport, 'what' | 'value'>> {
  const topic = textOf(message.Topic)
    .split('/')
    .at(-1)
    ?.replace(/^.*:/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2');
  if (!topic) return [];
  const inner = child(child(message, 'Message'), 'Message');
  const source = itemsOf(child(inner, 'Source')).map(({ value }) => value);
  const data = itemsOf(child(inner, 'Data'));
  const value = data.length === 1 ? data[0]!.value : data.map((one) => `${one.name} ${one.value}`).join(', ');
  const what = source.length > 0 ? `${topic} (${source.join(', ')})` : topic;
  return [{ what: what.slice(0, MAX_WORDS), value: value.slice(0, MAX_WORDS) }];
}

function itemsOf(node: Node): Array<{ name: string; value: string }> {
  const items = Array.isArray(node.SimpleItem) ? (node.SimpleItem as Node[]) : [];
  return items.map((item) => ({ name: textOf(item.Name), value: textOf(item.Value) }));
}

function child(node: Node, name: string): Node {
  const found = node[name];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Node) : {};
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = typeof value === 'object' && value !== null ? (value as Node).text : null;
  return typeof text === 'string' ? text : '';
}

/** Elements of a name, however deep. */
function findAll(node: unknown, name: string): Node[] {
  if (Array.isArray(node)) return node.flatMap((one) => findAll(one, name));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === name ? ([value].flat() as Node[]) : findAll(value, name),
  );
}
