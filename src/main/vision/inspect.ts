/** One look at an uploaded picture or video: which objects are in it, and pictures to show for it. No tracking: a video is a few stills. */

import type { Colour, ObjectLabel } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import { sharp } from '../platform/sharp.ts';
import type { Detection } from './detector/detection.ts';
import type { Detector } from './detector/detector.ts';
import { planInput } from './detector/letterbox.ts';
import { probeVideo, readPictures } from './pictures/file.ts';
import { chromaOf, LUMA_BLACK, LUMA_SCALE, lumaOf, type Picture, pictureBytes } from './pictures/picture.ts';
import { makeSnapshot } from './snapshot.ts';

export interface InspectRequest {
  file: string;
  kind: 'picture' | 'video';
  /** Degrees clockwise to stand upright; of pictures only. */
  rotation: number;
  /** Of a video; 0: not known. */
  durationMs: number;
  /** false: only pictures to show are made. */
  detect: boolean;
  minConfidence: number;
  overheadView: boolean;
}

export interface SeenObject {
  label: ObjectLabel;
  confidence: number;
  /** Fractions of the picture. */
  box: Box;
  colour?: Colour;
}

export interface InspectResult {
  /** Surest first; of a video the surest of each label. */
  objects: SeenObject[];
  /** JPEG of the picture with the surest object, or of the first. */
  picture: Buffer | null;
  /** JPEG of that object. */
  crop: Buffer | null;
}

/** Pictures are looked at in this size at most: colours and crops are taken from it. */
const MAX_SIDE = 1280;
const MAX_PIXELS = 100_000_000;
const MAX_OBJECTS = 50;
const VIDEO_PICTURES = 30;
/** In a video, what is seen once alone must be as sure as this. */
const SURE_AT_ONCE = 0.7;
const PLAIN_PIXELS = 384 * 640;

/** Yields after each picture, so that live cameras come in between; returns what was seen. Throws when the file cannot be decoded. */
export async function* inspectFile(
  request: InspectRequest,
  detector: Detector | null,
  ffmpegPath: string,
): AsyncGenerator<void, InspectResult> {
  return request.kind === 'picture'
    ? await inspectPicture(request, detector)
    : yield* inspectVideo(request, detector, ffmpegPath);
}

async function inspectPicture(request: InspectRequest, detector: Detector | null): Promise<InspectResult> {
  const upright = sharp(request.file, { failOn: 'none', limitInputPixels: MAX_PIXELS }).autoOrient();
  const { data, info } = await (request.rotation ? upright.rotate(request.rotation) : upright)
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const picture = toPlanes(data, width, height);
  const found: Detection[] = [];
  if (detector && request.detect) {
    const letterbox = detector.planLetterbox(width, height);
    const { pictureWidth, pictureHeight } = letterbox;
    const scaled = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(pictureWidth, pictureHeight, { fit: 'fill' })
      .raw()
      .toBuffer();
    found.push(...(await detector.detect(toPlanes(scaled, pictureWidth, pictureHeight), letterbox, request)));
  }
  const sure = found
    .filter(({ confidence }) => confidence >= request.minConfidence)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_OBJECTS);
  const objects: SeenObject[] = [];
  for (const { label, confidence, box } of sure) {
    const colour = objects.length < 8 ? (await makeSnapshot(picture, box)).colour : null;
    objects.push({ label, confidence, box, ...(colour && { colour }) });
  }
  const shown = await makeSnapshot(picture, objects[0]?.box ?? null);
  return { objects, picture: shown.picture, crop: shown.crop };
}

async function* inspectVideo(
  request: InspectRequest,
  detector: Detector | null,
  ffmpegPath: string,
): AsyncGenerator<void, InspectResult> {
  const video = await probeVideo(ffmpegPath, request.file);
  const letterbox =
    detector?.planLetterbox(video.width, video.height) ??
    planInput(video.width, video.height, PLAIN_PIXELS, 32);
  const seconds = Math.max(video.durationSeconds, request.durationMs / 1000, 1);
  const pictures = readPictures({
    ffmpegPath,
    file: request.file,
    fps: Math.min(2, Math.max(0.05, VIDEO_PICTURES / seconds)),
    width: letterbox.pictureWidth,
    height: letterbox.pictureHeight,
  });
  const best = new Map<ObjectLabel, SeenObject>();
  const times = new Map<ObjectLabel, number>();
  let shown: { picture: Buffer; crop: Buffer | null; confidence: number } | null = null;
  for await (const picture of pictures) {
    if (!shown) shown = { ...(await makeSnapshot(picture, null)), confidence: 0 };
    if (!detector || !request.detect) break;
    for (const { label, confidence, box } of await detector.detect(picture, letterbox, request)) {
      if (confidence < request.minConfidence) continue;
      times.set(label, (times.get(label) ?? 0) + 1);
      if (confidence <= (best.get(label)?.confidence ?? 0)) continue;
      const snapshot = await makeSnapshot(picture, box);
      best.set(label, { label, confidence, box, ...(snapshot.colour && { colour: snapshot.colour }) });
      if (confidence > shown.confidence) shown = { ...snapshot, confidence };
    }
    yield;
  }
  const objects = [...best.values()]
    .filter(({ label, confidence }) => (times.get(label) ?? 0) > 1 || confidence >= SURE_AT_ONCE)
    .sort((a, b) => b.confidence - a.confidence);
  return { objects, picture: shown?.picture ?? null, crop: shown?.crop ?? null };
}

/** Bytes red, green, blue per pixel as the analysis has its pictures: luma, and colour differences of 2 x 2 pixels (ITU-R BT.601). */
function toPlanes(pixels: Uint8Array, width: number, height: number): Picture {
  const picture: Picture = { width, height, atMs: 0, data: new Uint8Array(pictureBytes(width, height)) };
  const luma = lumaOf(picture);
  const chroma = chromaOf(picture);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
      const level = 0.299 * red + 0.587 * green + 0.114 * blue;
      luma[y * width + x] = Math.round(level / LUMA_SCALE) + LUMA_BLACK;
      if (y % 2 === 1 || x % 2 === 1) continue;
      const chromaAt = (y >> 1) * chroma.width + (x >> 1);
      chroma.blue[chromaAt] = Math.round(128 + ((blue - level) / 1.772) * (224 / 255));
      chroma.red[chromaAt] = Math.round(128 + ((red - level) / 1.402) * (224 / 255));
    }
  }
  return picture;
}
