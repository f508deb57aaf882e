/** Media Source Extensions of this browser. */

/** Safari on phones has only the managed kind; undefined where there is none at all. */
export function mediaSourceClass(): typeof MediaSource | undefined {
  const scope = globalThis as { MediaSource?: typeof MediaSource; ManagedMediaSource?: typeof MediaSource };
  return scope.MediaSource ?? scope.ManagedMediaSource;
}

/** `type`: with its codecs, as in `video/mp4; codecs="avc1.640028"`. */
export function canPlay(type: string): boolean {
  return mediaSourceClass()?.isTypeSupported(type) ?? false;
}
