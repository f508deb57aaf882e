/** What every feeder of a SourceBuffer needs: waiting for it, emptying it, knowing when it is gone. */

/** The codec cannot be played here; said by whoever refused it. */
export class UnplayableError extends Error {}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Waits for the running operation; a buffer that was taken away tells nothing more, so there is an end to waiting. */
export function whenIdle(buffer: SourceBuffer): Promise<void> {
  if (!buffer.updating) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 3000);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    buffer.addEventListener('updateend', done, { once: true });
  });
}

/** False once the media element has let go of the source. */
export function isUsable(buffer: SourceBuffer): boolean {
  try {
    return buffer.buffered.length >= 0;
  } catch {
    return false; // InvalidStateError: removed from its MediaSource
  }
}

/** Drops everything, a half-appended fragment too, so that the next init segment is understood. */
export async function emptyBuffer(buffer: SourceBuffer): Promise<void> {
  await whenIdle(buffer);
  buffer.abort();
  if (buffer.buffered.length === 0) return;
  buffer.remove(0, Number.POSITIVE_INFINITY);
  await whenIdle(buffer);
}
