/** Session descriptions (SDP, RFC 8866) as RTSP uses them: parse what cameras send, build what our own server offers. */

export interface SdpMedia {
  kind: string;
  /** `RTP/AVP`, `RTP/AVP/TCP`, `RTP/SAVP` … */
  protocol: string;
  payloadType: number;
  /** From `rtpmap`, or from the static table of RFC 3551; upper case. Empty when unknown. */
  encoding: string;
  clockRate: number;
  channels: number;
  /** Names in lower case. */
  format: Map<string, string>;
  /** As written; relative, absolute, `*` or null. */
  control: string | null;
  framesPerSecond: number | null;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
}

export interface SessionDescription {
  name: string;
  control: string | null;
  media: SdpMedia[];
}

const STATIC_TYPES: Record<number, [encoding: string, clockRate: number, channels: number]> = {
  0: ['PCMU', 8000, 1],
  2: ['G726-32', 8000, 1],
  8: ['PCMA', 8000, 1],
  9: ['G722', 8000, 1],
  10: ['L16', 44_100, 2],
  11: ['L16', 44_100, 1],
  14: ['MPA', 90_000, 1],
  26: ['JPEG', 90_000, 1],
  32: ['MPV', 90_000, 1],
  33: ['MP2T', 90_000, 1],
};
const MAX_MEDIA = 32;

/** Never throws: what is not understood is left out. */
export function parseSdp(text: string): SessionDescription {
  const session: SessionDescription = { name: '', control: null, media: [] };
  let media: SdpMedia | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const value = line.slice(2).trim();
    if (line.startsWith('s=')) session.name = value;
    else if (line.startsWith('m=')) {
      media = parseMediaLine(value);
      if (media && session.media.length < MAX_MEDIA) session.media.push(media);
    } else if (line.startsWith('a=')) {
      const colon = value.indexOf(':');
      const name = (colon < 0 ? value : value.slice(0, colon)).toLowerCase();
      const content = colon < 0 ? '' : value.slice(colon + 1).trim();
      if (media) parseMediaAttribute(media, name, content);
      else if (name === 'control') session.control = content;
    }
  }
  return session;
}

function parseMediaLine(value: string): SdpMedia {
  const [kind = '', , protocol = '', first = ''] = value.split(/\s+/);
  const payloadType = Number.parseInt(first, 10);
  const [encoding, clockRate, channels] = STATIC_TYPES[payloadType] ?? ['', 90_000, 1];
  return {
    kind: kind.toLowerCase(),
    protocol: protocol.toUpperCase(),
    payloadType: Number.isNaN(payloadType) ? -1 : payloadType,
    encoding,
    clockRate,
    channels,
    format: new Map(),
    control: null,
    framesPerSecond: null,
    direction: 'sendrecv',
  };
}

function parseMediaAttribute(media: SdpMedia, name: string, content: string): void {
  const [type, rest] = splitOnce(content, /\s+/);
  const mine = Number.parseInt(type, 10) === media.payloadType;
  if (name === 'control') media.control = content;
  else if (name === 'rtpmap' && mine) {
    const [encoding = '', rate = '', channels = ''] = rest.split('/');
    media.encoding = encoding.trim().toUpperCase();
    media.clockRate = positive(rate) ?? media.clockRate;
    media.channels = positive(channels) ?? 1;
  } else if (name === 'fmtp' && mine) {
    for (const part of rest.split(';')) {
      const [key, value] = splitOnce(part.trim(), '=');
      if (key) media.format.set(key.toLowerCase(), value.trim());
    }
  } else if (name === 'framerate') media.framesPerSecond = positive(content);
  else if (name === 'sendrecv' || name === 'sendonly' || name === 'recvonly' || name === 'inactive')
    media.direction = name;
}

export interface SdpMediaOffer {
  kind: 'video' | 'audio';
  payloadType: number;
  encoding: string;
  clockRate: number;
  channels?: number;
  format?: Record<string, string>;
  control: string;
  /** UDP, where it is not agreed on by RTSP. */
  port?: number;
}

/** A description for our own server; `address` is the server's, `sessionId` any number that names this description. */
export function buildSdp(input: {
  name: string;
  address: string;
  sessionId: number;
  media: readonly SdpMediaOffer[];
}): string {
  const version = input.address.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- ${input.sessionId} 1 IN ${version} ${input.address}`,
    `s=${input.name.replaceAll(/[\r\n]+/g, ' ').trim() || '-'}`,
    `c=IN ${version} ${version === 'IP6' ? '::' : '0.0.0.0'}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
  ];
  for (const media of input.media) {
    const channels = media.channels !== undefined && media.kind === 'audio' ? `/${media.channels}` : '';
    lines.push(`m=${media.kind} ${media.port ?? 0} RTP/AVP ${media.payloadType}`);
    lines.push(`a=rtpmap:${media.payloadType} ${media.encoding}/${media.clockRate}${channels}`);
    const format = Object.entries(media.format ?? {}).map(([key, value]) => `${key}=${value}`);
    if (format.length > 0) lines.push(`a=fmtp:${media.payloadType} ${format.join(';')}`);
    lines.push(`a=control:${media.control}`, 'a=sendonly');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * The URL of a `control` attribute. RFC 2326 C.1.1 resolves it as a relative URL; cameras mean it to be appended to the
 * base (`Content-Base`, else the request's URL) whether that ends in a slash or not, and put the query first or last.
 */
export function resolveControl(base: string, control: string | null): string {
  if (control === null || control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  if (control.startsWith('/')) return base.replace(/^(rtsps?:\/\/[^/?]*).*$/i, `$1${control}`);
  if (control.startsWith('?')) return base + control;
  return `${base}${base.endsWith('/') ? '' : '/'}${control}`;
}

/**
 * What a `control` attribute may mean, the likeliest first, always as many: as `resolveControl` says; appended to the request's URL,
 * which is what cameras mean that write `/trackID=1`; appended to the base; and without the base that was given.
 */
export function controlUrls(base: string, requestUrl: string, control: string | null): string[] {
  const appended = control && !/^rtsps?:\/\//i.test(control) ? control.replace(/^\/+/, '') : control;
  return [
    resolveControl(base, control),
    resolveControl(requestUrl, appended),
    resolveControl(base, appended),
    resolveControl(requestUrl, control),
  ];
}

function splitOnce(text: string, separator: string | RegExp): [string, string] {
  const at = text.search(separator);
  if (at < 0) return [text, ''];
  const length = typeof separator === 'string' ? separator.length : (separator.exec(text)?.[0].length ?? 1);
  return [text.slice(0, at), text.slice(at + length)];
}

function positive(text: string): number | null {
  const value = Number.parseFloat(text);
  return value > 0 && value <= 1e7 ? value : null;
}
