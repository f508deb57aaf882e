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

/** Host, port, and path with query. */
const HOST = /^(\[[0-9a-f:.%]+\]|[^:/?#[\]@\s]+)(?::(\d{1,5}))?([/?].*)?$/is;

/**
 * Splits an address. Passwords often hold characters that should be percent-encoded but are not (`@ # / ?`):
 * what stands before the last `@` that is followed by a host is taken as the credentials. Throws CaptureFailure.
 */
export function parseRtspUrl(text: string): RtspAddress {
  const match = /^(rtsps?):\/\/(.*)$/is.exec(text.trim());
  if (!match) throw badAddress();
  const secure = match[1]!.toLowerCase() === 'rtsps';
  const { userInfo, rest } = splitUserInfo(match[2]!);
  const authority = HOST.exec(rest)!;
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

/** The least that leaves a host behind it: nothing, up to the last `@` before the path, or up to the last `@` of all. */
function splitUserInfo(text: string): { userInfo: string | null; rest: string } {
  const authorityEnd = text.search(/[/?#]/);
  const authority = authorityEnd < 0 ? text : text.slice(0, authorityEnd);
  for (const at of [-1, authority.lastIndexOf('@'), text.lastIndexOf('@')]) {
    const rest = text.slice(at + 1);
    if (HOST.test(rest)) return { userInfo: at < 0 ? null : text.slice(0, at), rest };
  }
  throw badAddress();
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
