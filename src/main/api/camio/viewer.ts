/** The embeddable viewer: the events that a Camio shares, with their pictures and videos. Plain HTML that any page may frame; no script. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Share } from '../../store/camio-shares.ts';
import type { Authenticator } from '../authentication.ts';
import { viewerOf } from '../viewer.ts';
import { parseQueryTime } from '../wire-time.ts';
import { escapeHtml } from './authorize-page.ts';
import { itemUrl } from './item-tokens.ts';
import { itemsOfEvent } from './items.ts';
import type { CamioDeps } from './ports.ts';
import { takePage } from './search-plan.ts';
import { narrow } from './shares.ts';

const PAGE_EVENTS = 24;
const MAX_ITEMS = 24;
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *",
  'cross-origin-resource-policy': 'cross-origin',
};

/** Answers `/?v=VIEW_TOKEN&key=EMBED_KEY`. Throws AppError: forbidden for the key, not-found for the token. */
export function camioViewer(deps: CamioDeps) {
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    authenticator: Authenticator,
  ): Promise<FastifyReply> => {
    const query = request.query as Record<string, unknown>;
    const [token, key, before] = [query.v, query.key, query.before].map((value) =>
      typeof value === 'string' ? value : '',
    ) as [string, string, string];
    const embedKey = key === '' ? null : deps.tokens.find('embed', key);
    if (!embedKey) {
      authenticator.admitAddress(request);
      throw new AppError('forbidden', 'A valid key is needed to embed this.');
    }
    authenticator.admit(request, embedKey);
    const share = deps.shares.byToken(token);
    // A private one is for the owner alone, who has other ways to see it.
    if (share?.type !== 'public') throw new AppError('not-found', 'There is no such Camio.');
    deps.audit.noteShareSeen(viewerOf(request, 'embedded viewer'), share);
    await deps.eventIndex.ready();
    const page = findEvents(share, before === '' ? null : parseQueryTime(before));
    reply.removeHeader('x-frame-options').removeHeader('cross-origin-opener-policy');
    return reply
      .headers(HEADERS)
      .type('text/html; charset=utf-8')
      .send(
        buildPage(
          share,
          page.events.map((event) => showEvent(request, event)),
          olderLink(page, token, key),
        ),
      );
  };

  function findEvents(share: Share, date: number | null): { events: NvrEvent[]; more: boolean } {
    const order = share.query.sort ?? 'desc';
    const bound = date === null ? {} : order === 'asc' ? { fromEpochMs: date + 1 } : { toEpochMs: date };
    const query = narrow(deps, { labels: [], minInterest: 0, order, ...bound }, share.query);
    if (!query) return { events: [], more: false };
    const page = takePage(deps.eventIndex.find(query), PAGE_EVENTS);
    return {
      events: deps.eventStore.bySequences(page.entries.map(({ sequence }) => sequence)),
      more: page.more,
    };
  }

  function showEvent(request: FastifyRequest, event: NvrEvent): string {
    const pictures = itemsOfEvent(deps, event, 'image/jpeg').slice(0, MAX_ITEMS);
    const videos = itemsOfEvent(deps, event, 'video/mp4').slice(0, MAX_ITEMS);
    const at = new Date(event.startEpochMs);
    const poster = pictures[0]
      ? ` poster="${escapeHtml(`${itemUrl(deps, request, pictures[0].id)}&w=640`)}"`
      : '';
    const media = [
      ...videos.map(
        ({ id }) =>
          `<video controls preload="none"${poster} src="${escapeHtml(itemUrl(deps, request, id))}"></video>`,
      ),
      ...pictures.map(({ id }) => {
        const url = escapeHtml(itemUrl(deps, request, id));
        return `<a href="${url}" target="_blank" rel="noopener"><img loading="lazy" alt="${escapeHtml(event.cameraName)}" src="${url}&amp;w=640"></a>`;
      }),
    ].join('');
    const labels = event.labels.filter((label) => !label.startsWith('_'));
    return (
      `<article><div class="media">${media || '<p class="none">No picture</p>'}</div>` +
      `<h2>${escapeHtml(event.cameraName)} <time datetime="${at.toISOString()}">${at.toISOString().replace('T', ' ').slice(0, 19)} UTC</time></h2>` +
      `<p>${escapeHtml(labels.join(' · '))}</p></article>`
    );
  }
}

function olderLink(page: { events: readonly NvrEvent[]; more: boolean }, token: string, key: string): string {
  const last = page.events.at(-1);
  if (!page.more || !last) return '';
  const query = new URLSearchParams({ v: token, key, before: new Date(last.startEpochMs).toISOString() });
  return `<nav><a href="/?${escapeHtml(query.toString())}">More</a></nav>`;
}

function buildPage(share: Share, events: readonly string[], more: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(share.name)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(share.name)}</h1><main>${events.join('') || '<p class="none">Nothing has been seen yet.</p>'}</main>${more}</body></html>`;
}

const STYLE = `
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}body{margin:0;padding:1rem}h1{font-size:1.15rem;font-weight:600;margin:0 0 1rem}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));gap:1.25rem}
article{min-width:0}h2{font-size:.95rem;font-weight:600;margin:.5rem 0 0}time{font-weight:400;opacity:.7;margin-left:.35rem;white-space:nowrap}
p{margin:.15rem 0;opacity:.8}.media{display:grid;gap:.4rem}img,video{display:block;width:100%;aspect-ratio:16/9;object-fit:contain;background:#0b0d10;border-radius:4px}
.none{padding:2rem 0;text-align:center;opacity:.6}nav{margin-top:1.5rem;text-align:center}`;
