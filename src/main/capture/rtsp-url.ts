/** RTSP addresses as people type them: credentials apart from what goes over the wire. */
import type { Credentials } from '../media/rtsp/auth.ts';
import { CaptureFailure } from './failure.ts';

export interface RtspAddress {
  secure: boolean;
  /** Without brackets. */
  host: string;
  port: number;
  credentials: Credentials | null;
  /** The URL without credentials, path and query as given: what requests name. */
  url: string;
}

/**
 * Splits an address. Passwords often hold characters that should be percent-encoded but are not (`@ # / ?`):
 * what stands before the last `@` that is followed by a host is taken as the credentials. Throws CaptureFailure.
 */
export function parseRtspUrl(text: string): RtspAddress {
  const match = /^(rtsps?):\/\/(.*)$/i.exec(text.trim());
  if (!match) throw badAddress();
  const secure = match[1]!.toLowerCase() === 'rtsps';
  const { userInfo, rest } = splitUserInfo(match[2]!);
  const authority = /^(\[[0-9a-f:.%]+\]|[^:/?#[\]\s]+)(?::(\d{1,5}))?([/?].*)?$/i.exec(rest);
  if (!authority) throw badAddress();
  const port = authority[2] === undefined ? (secure ? 322 : 554) : Number(authority[2]);
  if (port < 1 || port > 65_535) throw badAddress();
  const path = (authority[3] ?? '').replaceAll(/[\s\r\n]/g, (space) => encodeURIComponent(space));
  const colon = userInfo?.indexOf(':') ?? -1;
  return {
    secure,
    host: authority[1]!.replaceAll(/[[\]]/g, ''),
    port,
    credentials:
      userInfo === null
        ? null
        : {
            user: decode(colon < 0 ? userInfo : userInfo.slice(0, colon)),
            password: colon < 0 ? '' : decode(userInfo.slice(colon + 1)),
          },
    url: `${secure ? 'rtsps' : 'rtsp'}://${authority[1]}${authority[2] === undefined ? '' : `:${port}`}${path}`,
  };
}

function splitUserInfo(text: string): { userInfo: string | null; rest: string } {
  const authorityEnd = text.search(/[/?#]/);
  const authority = authorityEnd < 0 ? text : text.slice(0, authorityEnd);
  let at = authority.lastIndexOf('@');
  // `user:pa/ss@host`: what looks like a port is not one, so the slash belongs to the password.
  if (at < 0 && /^[^[:]*:(?!\d{1,5}$)/.test(authority)) at = text.lastIndexOf('@');
  return at < 0 ? { userInfo: null, rest: text } : { userInfo: text.slice(0, at), rest: text.slice(at + 1) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a literal percent sign
  }
}

function badAddress(): CaptureFailure {
  return new CaptureFailure(
    'camera-refused',
    'The address cannot be understood',
    'Write it as rtsp://USER:PASSWORD@HOST:554/PATH.',
    true,
  );
}
