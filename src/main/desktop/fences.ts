/** What a page in our windows may do, decided without Electron. Whatever is not allowed here is refused. Pure. */

/** Full screen for a camera, and copying a token. */
const ALLOWED_PERMISSIONS = new Set(['fullscreen', 'clipboard-sanitized-write']);
/** Made by the page itself; they reach nothing. */
const LOCAL_SCHEMES = new Set(['blob:', 'data:']);

/** The engine's origin (`http://127.0.0.1:PORT`) while it runs. */
export type Origin = string | null;

/** Whether an address belongs to the engine's own page. */
export function isFrom(url: string, origin: Origin): boolean {
  return origin !== null && URL.canParse(url) && new URL(url).origin === origin;
}

export function mayUsePermission(permission: string, requestingUrl: string, origin: Origin): boolean {
  return ALLOWED_PERMISSIONS.has(permission) && isFrom(requestingUrl, origin);
}

/** Whether a page may fetch an address: the engine over HTTP and WebSocket, and what it made itself. */
export function mayRequest(url: string, origin: Origin): boolean {
  if (origin === null || !URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  if (LOCAL_SCHEMES.has(protocol)) return protocol === 'data:' || new URL(url).origin === origin;
  const engine = new URL(origin);
  const isWeb = protocol === engine.protocol || protocol === engine.protocol.replace('http', 'ws');
  return isWeb && host === engine.host;
}

/** Links that a page opens in a new window: our own pages get one, other websites the user's browser, everything else nothing. */
export function planOpening(url: string, origin: Origin): 'window' | 'browser' | 'nothing' {
  if (isFrom(url, origin)) return 'window';
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? 'browser' : 'nothing';
}

/** Whether a call over IPC comes from the engine's page itself, and from no frame in it. */
export function isTrustedSender(frame: { url: string; parent: unknown } | null, origin: Origin): boolean {
  return frame !== null && !frame.parent && isFrom(frame.url, origin);
}
