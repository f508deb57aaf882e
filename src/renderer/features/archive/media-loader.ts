/**
 * Media of one camera as its player asks for it: where the connection does not keep up, that of the sub stream; where the browser cannot
 * decode what was recorded, H.264 instead.
 */
import { RENDITIONS, type Rendition } from '../../../shared/contract-archive.ts';
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { urls } from '../../client/api.ts';
import type { ArchivePlayerDeps } from './player/player-types.ts';
import { StreamChoice } from './player/stream-choice.ts';

type Decodes = 'any' | 'h264';

/** What is shown, and why it is not the recording of the main stream. */
export interface Shown {
  rendition: Rendition;
  why: 'connection' | 'codec' | null;
}

export const AS_RECORDED: Shown = { rendition: 'main', why: null };

export interface MediaLoaderOptions {
  /** Speed of playback; default: as it was recorded. */
  rate?(): number;
  /** Something else than before is shown from now on. */
  onShown?(shown: Shown): void;
}

/** The answer's status and headers matter to the player, so it is no parsed route. */
export function mediaLoader(cameraId: string, options: MediaLoaderOptions = {}): ArchivePlayerDeps['load'] {
  const { rate = () => 1, onShown = () => {} } = options;
  const choice = new StreamChoice();
  const askDecodable = decodableAnswers();
  let told = AS_RECORDED;
  const tell = (shown: Shown) => {
    if (shown.rendition !== told.rendition || shown.why !== told.why) onShown(shown);
    told = shown;
  };
  return async (track, baseEpochMs, range, signal) => {
    const ask = (stream: StreamKind) => {
      const query = {
        ...{ track, stream, baseEpochMs: Math.round(baseEpochMs) },
        ...{ fromEpochMs: Math.floor(range.fromEpochMs), toEpochMs: Math.ceil(range.toEpochMs) },
      };
      const fetchAs = (decodes: Decodes) =>
        fetch(urls.archiveMedia(cameraId, { ...query, decodes }), { signal, credentials: 'same-origin' });
      return track === 'video' ? askDecodable(fetchAs) : fetchAs('any');
    };
    if (track === 'video' && choice.at(performance.now()) === 'sub') {
      const answer = await ask('sub');
      if (answer.ok) {
        tell({ rendition: renditionOf(answer), why: 'connection' });
        return answer;
      }
      await answer.body?.cancel();
      choice.noteNoSub();
    }
    const startedMs = performance.now();
    const answer = await ask('main');
    if (track !== 'video' || !answer.ok || !answer.body) return answer;
    const rendition = renditionOf(answer);
    tell({ rendition, why: rendition === 'main' ? null : 'codec' });
    const nextEpochMs = Number(answer.headers.get('x-next-epoch-ms') || Number.NaN);
    // At the newest picture the recorder itself is as slow as time; and what is converted comes as fast as that is done.
    if (Number.isNaN(nextEpochMs) || rendition !== 'main') return answer;
    const footageMs = Math.min(nextEpochMs, range.toEpochMs) - range.fromEpochMs;
    const body = answer.body.pipeThrough(
      new TransformStream({
        flush: () => {
          const now = performance.now();
          choice.noteMain(footageMs, now - startedMs, rate(), now);
        },
      }),
    );
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

/** Asks for what was recorded, until the browser turns out not to decode that: from then on for H.264, where it can be had. */
function decodableAnswers(): (fetchAs: (decodes: Decodes) => Promise<Response>) => Promise<Response> {
  let decodes: Decodes = 'any';
  return async (fetchAs) => {
    const answer = await fetchAs(decodes);
    if (decodes === 'h264' || !answer.ok || canDecode(answer)) return answer;
    const converted = await fetchAs('h264');
    // Where nothing can be converted, the player says what it cannot play.
    const [wanted, other] = converted.status === 503 ? [answer, converted] : [converted, answer];
    if (wanted === converted) decodes = 'h264';
    await other.body?.cancel();
    return wanted;
  };
}

function canDecode(answer: Response): boolean {
  const codec = answer.headers.get('x-codec');
  return codec === null || MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`);
}

function renditionOf(answer: Response): Rendition {
  return RENDITIONS.find((one) => one === answer.headers.get('x-shows')) ?? 'main';
}
