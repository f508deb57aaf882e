/** WS-Discovery (OASIS 1.1, as ONVIF Core 7.3 uses it): asks a network's cameras to name themselves. */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { attributelessParser, findAll, textOf } from './xml.ts';

export interface Announcement {
  /** The address that answered. */
  host: string;
  /** The device service, on that very address. */
  serviceUrl: string;
  name: string | null;
  maker: string | null;
  model: string | null;
}

const GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;
/** Datagrams get lost: asked again. */
const ASK_AGAIN_MS = 700;
const ASKS = 3;
const LARGEST_ANSWER = 32 * 1024;

/** Asks through the interface of an own address and tells of every answer, until `signal` ends it. Rejects when no socket can be had. */
export function listenForDevices(
  own: string,
  port: number,
  onDevice: (device: Announcement) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const message = buildProbe(randomUUID());
    let asked = 0;
    const ask = () => {
      asked += 1;
      socket.send(message, port, GROUP, () => {}); // nobody there is an answer too
      if (asked === ASKS) clearInterval(timer);
    };
    const timer = setInterval(ask, ASK_AGAIN_MS);
    const end = (error?: Error) => {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      if (error) reject(error);
      else resolve();
    };
    const onAbort = () => end();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', end);
    socket.on('message', (bytes, { address }) => {
      if (bytes.length > LARGEST_ANSWER) return;
      for (const device of readAnswer(bytes.toString('utf8'), address)) onDevice(device);
    });
    socket.bind(0, own, () => {
      socket.setMulticastInterface(own);
      socket.setMulticastTTL(1);
      ask();
    });
  });
}

export function buildProbe(id: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:${id}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`;
}

/**
 * The devices of an answer from `sender`. An address that is not the sender's own is not believed: the path and port are taken, the host is
 * the sender's. What is damaged has none.
 */
export function readAnswer(xml: string, sender: string): Announcement[] {
  let root: unknown;
  try {
    root = attributelessParser.parse(xml);
  } catch {
    return [];
  }
  return findAll(root, 'ProbeMatch').flatMap((match) => {
    const urls = textOf(match.XAddrs)
      .split(/\s+/)
      .filter((text) => /^https?:\/\//i.test(text) && URL.canParse(text))
      .map((text) => new URL(text));
    const url =
      urls.find(({ hostname }) => hostname === sender) ?? urls.find(({ hostname }) => isIP(hostname) !== 6);
    if (!url) return [];
    url.hostname = sender;
    url.username = '';
    url.password = '';
    const scopes = textOf(match.Scopes).split(/\s+/);
    return [
      {
        host: sender,
        serviceUrl: url.href,
        name: scopeOf(scopes, 'name'),
        maker: scopeOf(scopes, 'manufacturer') ?? scopeOf(scopes, 'mfr'),
        model: scopeOf(scopes, 'hardware'),
      },
    ];
  });
}

const LONGEST_NAME = 100;

function scopeOf(scopes: readonly string[], kind: string): string | null {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const scope = scopes.find((one) => one.toLowerCase().startsWith(prefix));
  if (!scope) return null;
  const text = scope.slice(prefix.length);
  try {
    return decodeURIComponent(text).trim().slice(0, LONGEST_NAME) || null;
  } catch {
    return text.slice(0, LONGEST_NAME) || null;
  }
}
