/** What the headers of a session say (RFC 2326): where its tracks are, its name, and how packets come. Pure. */
import { headerOf, type RtspResponse } from './message.ts';

export const DEFAULT_SESSION_TIMEOUT_S = 60;

/** `Transport` of a SETUP over TCP: packets in this channel of the connection, reports in the next. */
export function buildTcp(channel: number): string {
  return `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
}

/** `Transport` of a SETUP over UDP: packets to this port, reports to the next. */
export function buildUdp(mediaPort: number): string {
  return `RTP/AVP;unicast;client_port=${mediaPort}-${mediaPort + 1}`;
}

/** What a SETUP's answer agrees to; nulls where it does not say. */
export function readTransport(response: RtspResponse): {
  channel: number | null;
  serverPorts: { media: number; reports: number } | null;
} {
  const agreed = headerOf(response, 'transport') ?? '';
  const channel = /interleaved\s*=\s*(\d+)/i.exec(agreed);
  const ports = /server_port\s*=\s*(\d+)(?:-(\d+))?/i.exec(agreed);
  return {
    channel: channel && Number(channel[1]),
    serverPorts: ports && { media: Number(ports[1]), reports: Number(ports[2] ?? Number(ports[1]) + 1) },
  };
}

/** The session's name and how long it lasts without a sign of life; null where there is none. */
export function readSession(response: RtspResponse): { id: string; timeoutS: number } | null {
  const value = headerOf(response, 'session');
  if (!value) return null;
  const timeout = Number(/timeout\s*=\s*(\d+)/i.exec(value)?.[1] ?? DEFAULT_SESSION_TIMEOUT_S);
  return { id: value.split(';')[0]!.trim(), timeoutS: Math.max(2, timeout) };
}

/** What the tracks' addresses are relative to. Cameras behind a router name their inner address here: only the path is taken from it. */
export function readContentBase(response: RtspResponse, requestUrl: string): string {
  const given = headerOf(response, 'content-base') ?? headerOf(response, 'content-location');
  if (!given) return requestUrl;
  const path = /^rtsps?:\/\/[^/?]*(.*)$/i.exec(given)?.[1] ?? (given.startsWith('/') ? given : null);
  const host = /^rtsps?:\/\/[^/?]*/i.exec(requestUrl)![0];
  return path === null ? requestUrl : host + path;
}
