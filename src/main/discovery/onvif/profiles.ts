/** The media profiles of an ONVIF device, and which of them are main and sub stream. Pure. */
import { findAll, findFirst, numberOf, textOf, type XmlNode } from '../xml.ts';

export interface MediaProfile {
  token: string;
  /** 'H264', 'H265', 'JPEG' as the device says; null where it says nothing. */
  codec: string | null;
  width: number | null;
  height: number | null;
  framesPerSecond: number | null;
  /** Which of the device's cameras it shows. */
  sourceToken: string | null;
}

/** A sub stream is worth its while from this width on; people are too small below. */
const LEAST_SUB_WIDTH = 320;
/** And only up to this share of the main stream's pixels. */
const MOST_SUB_SHARE = 0.5;

/** The profiles of a GetProfiles answer that have video. */
export function readProfiles(body: XmlNode): MediaProfile[] {
  return findAll(body, 'Profiles').flatMap((profile) => {
    const token = textOf(profile['@token']);
    const encoder = findFirst(profile, 'VideoEncoderConfiguration');
    if (token === '' || Object.keys(encoder).length === 0) return [];
    const resolution = findFirst(encoder, 'Resolution');
    return [
      {
        token,
        codec: textOf(encoder.Encoding).toUpperCase() || null,
        width: numberOf(resolution.Width),
        height: numberOf(resolution.Height),
        framesPerSecond: numberOf(findFirst(encoder, 'RateControl').FrameRateLimit),
        sourceToken: textOf(findFirst(profile, 'VideoSourceConfiguration').SourceToken) || null,
      },
    ];
  });
}

/**
 * The largest picture in a codec that can be recorded is main; sub is the largest of the same camera with at most half as many pixels. Null
 * where there is no profile at all.
 */
export function chooseProfiles(
  profiles: readonly MediaProfile[],
): { main: MediaProfile; sub: MediaProfile | null } | null {
  const recordable = profiles.filter(({ codec }) => codec === null || /^H\.?26[45]|^HEVC/.test(codec));
  const candidates = recordable.length > 0 ? recordable : profiles;
  const main = largest(candidates);
  if (!main) return null;
  const sub = largest(
    candidates.filter(
      (profile) =>
        profile !== main &&
        profile.sourceToken === main.sourceToken &&
        (profile.width ?? 0) >= LEAST_SUB_WIDTH &&
        pixelsOf(profile) <= pixelsOf(main) * MOST_SUB_SHARE,
    ),
  );
  return { main, sub };
}

function largest(profiles: readonly MediaProfile[]): MediaProfile | null {
  return profiles.reduce<MediaProfile | null>(
    (best, profile) => (best && pixelsOf(best) >= pixelsOf(profile) ? best : profile),
    null,
  );
}

function pixelsOf({ width, height }: MediaProfile): number {
  return (width ?? 0) * (height ?? 0);
}
