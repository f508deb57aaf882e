/** Where each track of a session begins, as the answer to PLAY says it (RFC 2326, 12.33). */

export interface TrackStart {
  /** Of the track, as it was set up or in another form of it. */
  url: string;
  /** RTP timestamp of the moment at which all tracks of the answer begin; null where the camera does not say. */
  rtpTimestamp: number | null;
}

/** Entries in order; what cannot be read is left out. */
export function parseRtpInfo(header: string): TrackStart[] {
  return header.split(/,(?=\s*url=)/i).flatMap((entry) => {
    const url = /(?:^|[\s;])url=("?)([^";]+)\1/i.exec(entry)?.[2]?.trim();
    const rtptime = /;\s*rtptime=(\d{1,10})\s*(?:;|$)/i.exec(entry)?.[1];
    const rtpTimestamp = rtptime === undefined ? null : Number(rtptime);
    if (!url) return [];
    return [{ url, rtpTimestamp: rtpTimestamp !== null && rtpTimestamp < 2 ** 32 ? rtpTimestamp : null }];
  });
}

/** Whose start an entry is: the place of its address among those that were set up, which cameras name in full or by their end. */
export function findTrack(url: string, setUp: readonly string[]): number {
  const exact = setUp.indexOf(url);
  return exact >= 0 ? exact : setUp.findIndex((one) => one.endsWith(`/${url.replace(/^.*\//, '')}`));
}
