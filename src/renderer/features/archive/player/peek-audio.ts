/** Asks whether there is sound that can be played, before a buffer is made for it. */
import type { ArchivePlayerDeps } from './player-types.ts';

/** The MIME type of the sound at that time, null where there is none that can be played. */
export async function peekAudio(
  load: ArchivePlayerDeps['load'],
  baseEpochMs: number,
  epochMs: number,
): Promise<string | null> {
  const type = 'audio/mp4; codecs="mp4a.40.2"';
  const aborter = new AbortController();
  try {
    const range = { fromEpochMs: epochMs, toEpochMs: epochMs + 1000 };
    const response = await load('audio', baseEpochMs, range, aborter.signal);
    return response.ok && MediaSource.isTypeSupported(type) ? type : null;
  } catch {
    return null; // the video feed tells of a recorder that cannot be reached
  } finally {
    aborter.abort();
  }
}
