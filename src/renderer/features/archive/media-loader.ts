/**
 * Media of one camera as its player asks for it: where the connection does not keep up, that of the sub stream; where the browser cannot
 * decode what was recorded, H.264 instead.
 */
import { RENDITIONS, type Rendition } from '../../../shared/contract-archive.ts';
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { urls } from '../../client/api.ts';
import { reach, refusalOf } from '../../client/http.ts';
import type { ArchivePlayerDeps } from './player/player-types.ts';
import { StreamChoice } from './player/stream-choice.ts';
import type { MediaAnswer } from './player/track-feed.ts';
import { TooSlowError, WatchedBody } from './player/watched-body.ts';

type Decodes = 'any' | 'h264';
type Ask = (stream: StreamKind, toEpochMs: number, fromEpochMs?: number) => Promise<Response>;

/** What is shown, and why it is not the recording of the main stream. */
export interface Shown {
  rendition: Rendition;
  why: 'connection' | 'codec' | null;
}

export const AS_RECORDED: Shown = { rendition: 'main', why: null };

/** Enough to see whether the main stream comes fast enough again, and little enough to wait for. */
const TRIAL_MS = 4000;
/** What comes next of the sub stream is not there yet: its recording goes on from key frame to key frame. */
const EDGE_PATIENCE_MS = 15_000;

export interface MediaLoaderOptions {
  /** Speed of playback; default: as it was recorded. */
  rate?(): number;
  /** Something else than before is shown from now on. */
  onShown?(shown: Shown): void;
}

/** The answer's status and headers matter to the player, so it is no parsed route. Throws `RequestError`, for all but 404. */
export function mediaLoader(cameraId: string, options: MediaLoaderOptions = {}): ArchivePlayerDeps['load'] {
  const { rate = () => 1, onShown = () => {} } = options;
  const choice = new StreamChoice();
  const askDecodable = decodableAnswers();
  let told = AS_RECORDED;
  /** When the newest footage of the sub stream was last there. */
  let subEdgeMs = Number.NEGATIVE_INFINITY;
  const tell = (shown: Shown) => {
    if (shown.rendition !== told.rendition || shown.why !== told.why) onShown(shown);
    told = shown;
  };
  return async (track, baseEpochMs, range, signal) => {
    const ask: Ask = (stream, toEpochMs, fromEpochMs = range.fromEpochMs) => {
      const query = {
        ...{ track, stream, baseEpochMs: Math.round(baseEpochMs) },
        ...{ fromEpochMs: Math.floor(fromEpochMs), toEpochMs: Math.ceil(toEpochMs) },
      };
      const fetchAs = (decodes: Decodes) =>
        reach(urls.archiveMedia(cameraId, { ...query, decodes }), { signal });
      return track === 'video' ? askDecodable(fetchAs) : fetchAs('any');
    };
    if (track !== 'video') return checked(await ask('main', range.toEpochMs));
    const startedMs = performance.now();
    const stream = choice.at(startedMs);
    let noSub: Response | null = null;
    if (stream === 'sub') {
      const answer = await ask('sub', range.toEpochMs);
      if (answer.ok) {
        if ((nextOf(answer) ?? 0) < range.toEpochMs) subEdgeMs = performance.now();
        tell({ rendition: renditionOf(answer), why: 'connection' });
        return answer;
      }
      const isAtEdge = answer.status === 404 && nextOf(answer) === null;
      if (isAtEdge && performance.now() - subEdgeMs < EDGE_PATIENCE_MS) return answer;
      await answer.body?.cancel();
      noSub = answer;
    }
    const wantedMs = range.toEpochMs - range.fromEpochMs;
    const toEpochMs = range.fromEpochMs + (choice.isTrying ? Math.min(TRIAL_MS, wantedMs) : wantedMs);
    const answer = await checked(await ask('main', toEpochMs));
    if (!answer.ok || !answer.body) return answer;
    const rendition = renditionOf(answer);
    tell({ rendition, why: rendition === 'main' ? null : 'codec' });
    const nextEpochMs = nextOf(answer);
    if (noSub) {
      // A stretch without it is no camera without it.
      const isWhole = nextEpochMs !== null && nextEpochMs >= toEpochMs;
      if (noSub.status === 404 && nextOf(noSub) === null && isWhole) choice.noteNoSub();
      return answer;
    }
    // At the newest picture the recorder itself is as slow as time; and what is converted comes as fast as that is done.
    if (nextEpochMs === null || rendition !== 'main') return answer;
    const footageMs = Math.min(nextEpochMs, toEpochMs) - range.fromEpochMs;
    return watched(answer, answer.body, { ...{ choice, ask, rate, signal, startedMs, footageMs }, ...range });
  };
}

interface Watch {
  choice: StreamChoice;
  ask: Ask;
  rate(): number;
  signal: AbortSignal;
  startedMs: number;
  fromEpochMs: number;
  /** That the answer is of, without what lies between its key frame and the time that was asked for. */
  footageMs: number;
}

/** An answer of the main stream that is given up when it comes too slowly and the sub stream is there. */
function watched(answer: Response, body: NonNullable<Response['body']>, watch: Watch): MediaAnswer {
  const { choice, ask, rate, signal, startedMs, fromEpochMs, footageMs } = watch;
  let [asksForSub, ended] = [false, false];
  const media = new WatchedBody(body, {
    look: (came) => {
      if (asksForSub || !choice.isTooSlow(came, rate())) return;
      asksForSub = true;
      // Of one moment: whether it is there is what matters.
      void ask('sub', fromEpochMs + 1).then(
        (sub) => {
          void sub.body?.cancel();
          if (!sub.ok || ended) return;
          choice.takeSub(performance.now());
          media.giveUp(new TooSlowError());
        },
        () => {}, // the main stream's answer tells what is the matter
      );
    },
    end: (came, whole) => {
      ended = true;
      const now = performance.now();
      // A trial is short: what comes before the time that was asked for is much of it.
      if (whole) choice.noteMain(choice.isTrying ? came.footageMs : footageMs, now - startedMs, rate(), now);
      else if (signal.aborted) choice.noteGivenUp(came, rate(), now);
    },
  });
  const { status, ok, headers } = answer;
  return { status, ok, headers, body: media.body, noteFootage: (ms) => media.noteFootage(ms) };
}

/** Nothing recorded is an answer too. */
async function checked(answer: Response): Promise<Response> {
  if (answer.ok || answer.status === 404) return answer;
  throw await refusalOf(answer);
}

/** Where to go on; null: nothing follows. */
function nextOf(answer: Response): number | null {
  const header = answer.headers.get('x-next-epoch-ms');
  return header ? Number(header) : null;
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
