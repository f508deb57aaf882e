/** Media of one camera as its player asks for it; where the connection does not keep up, that of the sub stream. */
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { urls } from '../../client/api.ts';
import type { ArchivePlayerDeps } from './player/player-types.ts';
import { StreamChoice } from './player/stream-choice.ts';

export interface MediaLoaderOptions {
  /** Speed of playback; default: as it was recorded. */
  rate?(): number;
  /** Another stream than before is asked for from now on. */
  onStream?(stream: StreamKind): void;
}

/** The answer's status and headers matter to the player, so it is no parsed route. */
export function mediaLoader(cameraId: string, options: MediaLoaderOptions = {}): ArchivePlayerDeps['load'] {
  const { rate = () => 1, onStream = () => {} } = options;
  const choice = new StreamChoice();
  let told: StreamKind = 'main';
  const tell = (stream: StreamKind) => {
    if (stream !== told) onStream(stream);
    told = stream;
  };
  return async (track, baseEpochMs, range, signal) => {
    const ask = (stream: StreamKind) =>
      fetch(
        urls.archiveMedia(cameraId, {
          ...{ track, stream, baseEpochMs: Math.round(baseEpochMs) },
          ...{ fromEpochMs: Math.floor(range.fromEpochMs), toEpochMs: Math.ceil(range.toEpochMs) },
        }),
        { signal, credentials: 'same-origin' },
      );
    if (track === 'video' && choice.at(performance.now()) === 'sub') {
      const answer = await ask('sub');
      if (answer.ok) {
        tell('sub');
        return answer;
      }
      await answer.body?.cancel();
      choice.noteNoSub();
    }
    const startedMs = performance.now();
    const answer = await ask('main');
    if (track !== 'video' || !answer.ok || !answer.body) return answer;
    tell('main');
    const nextEpochMs = Number(answer.headers.get('x-next-epoch-ms') || Number.NaN);
    // At the newest picture the recorder itself is as slow as time.
    if (Number.isNaN(nextEpochMs)) return answer;
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
