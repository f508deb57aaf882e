/** Pages of the app as `/path?query`, and the links from outside that lead to them. Pure; nothing that is not listed here is opened. */

export const LINK_SCHEME = 'threshold-nvr';

const PAGES = new Set(['live', 'cameras', 'archive', 'events', 'access', 'exports', 'health', 'settings']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_LINK = 500;
const LATEST_EPOCH_MS = 8_640_000_000_000_000;

/**
 * The page of a link, or null: `threshold-nvr://live`, `…://live?camera=ID`, `…://archive?camera=ID&at=TIME` (ISO 8601 or epoch
 * milliseconds), `…://events/ID`, `…://cameras/ID` and the other pages. What else a link carries is left out.
 */
export function parseLink(text: string): string | null {
  if (text.length > LONGEST_LINK || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== `${LINK_SCHEME}:` || url.username !== '' || url.password !== '' || url.port !== '')
    return null;
  return parsePlace(`/${url.host}${url.pathname}${url.search}`);
}

/** A page as the shell opens it, made of known parts only; null where there is no such page. */
export function parsePlace(text: string): string | null {
  if (text.length > LONGEST_LINK || !text.startsWith('/')) return null;
  const [path = '', query = ''] = text.split('?');
  const [page = '', id, ...rest] = path
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '');
  if (!PAGES.has(page) || rest.length > 0) return null;
  if (id !== undefined) return takesId(page) && UUID.test(id) ? `/${page}/${id}` : null;
  const given = new URLSearchParams(query);
  const kept = new URLSearchParams();
  const camera = given.get('camera')?.toLowerCase();
  if (camera !== undefined && !UUID.test(camera)) return null;
  if (camera !== undefined) kept.set('camera', camera);
  if (page === 'archive' && given.has('at')) {
    const at = parseMoment(given.get('at')!);
    if (at === null) return null;
    kept.set('at', String(at));
  }
  return kept.size > 0 ? `/${page}?${kept}` : `/${page}`;
}

/** The first link among a command line's arguments; null when there is none that can be followed. */
export function findLink(argv: readonly string[]): string | null {
  const link = argv.find((argument) => argument.startsWith(`${LINK_SCHEME}:`));
  return link === undefined ? null : parseLink(link);
}

function takesId(page: string): boolean {
  return page === 'events' || page === 'cameras';
}

function parseMoment(text: string): number | null {
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/i.test(text);
  const epochMs = isIso ? Date.parse(text) : /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return epochMs >= 0 && epochMs <= LATEST_EPOCH_MS ? epochMs : null;
}
