/** The pictures of events: plain JPEG files below `thumbnails/YYYY/MM/DD`. What is drawn on them is drawn when asked for. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EventDetail } from '../../shared/domain-events.ts';
import { sharp } from '../platform/sharp.ts';

export interface ThumbnailKey {
  id: string;
  startEpochMs: number;
}

/** The accent of the drawn box: calm on any picture, with a dark rim for bright ones. */
const BOX_COLOUR = '#5eead4';

export class Thumbnails {
  private readonly folder: string;

  /** `folder` is made when the first picture is saved. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Saves the pictures of an event, whole or not at all. */
  async save(key: ThumbnailKey, pictures: { picture: Buffer; crop: Buffer | null }): Promise<void> {
    await mkdir(dirname(this.path(key, '')), { recursive: true });
    await writeWhole(this.path(key, ''), pictures.picture);
    if (pictures.crop) await writeWhole(this.path(key, '-crop'), pictures.crop);
  }

  /** The picture as it was taken; null when the file is gone. */
  async picture(key: ThumbnailKey): Promise<Buffer | null> {
    return readIfThere(this.path(key, ''));
  }

  /** The object alone; null when there is none. */
  async crop(key: ThumbnailKey): Promise<Buffer | null> {
    return readIfThere(this.path(key, '-crop'));
  }

  async remove(key: ThumbnailKey): Promise<void> {
    await Promise.all([
      rm(this.path(key, ''), { force: true }),
      rm(this.path(key, '-crop'), { force: true }),
    ]);
  }

  private path({ id, startEpochMs }: ThumbnailKey, suffix: '' | '-crop'): string {
    const [year, month, day] = new Date(startEpochMs).toISOString().slice(0, 10).split('-') as [
      string,
      string,
      string,
    ];
    return join(this.folder, year, month, day, `${id}${suffix}.jpg`);
  }
}

/** A JPEG with the event's box and the way of its foot point drawn on it. */
export async function drawEvent(jpeg: Buffer, detail: EventDetail): Promise<Buffer> {
  if (!detail.box && !detail.path?.length) return jpeg;
  const image = sharp(jpeg);
  const { width = 0, height = 0 } = await image.metadata();
  const overlay = Buffer.from(buildOverlay(detail, width, height));
  return image
    .composite([{ input: overlay }])
    .jpeg({ quality: 88, mozjpeg: false })
    .toBuffer();
}

/** SVG of the size of the picture, in its pixels. Only numbers go into it, never text from outside. */
function buildOverlay(detail: EventDetail, width: number, height: number): string {
  const stroke = Math.max(1.5, Math.min(width, height) / 320);
  const shapes: string[] = [];
  if (detail.path && detail.path.length > 1) {
    const points = detail.path
      .map((point) => `${round(point.x * width)},${round(point.y * height)}`)
      .join(' ');
    shapes.push(`<polyline points="${points}" fill="none" stroke-linecap="round" stroke-linejoin="round"/>`);
  }
  if (detail.box) {
    const { x, y, width: w, height: h } = detail.box;
    shapes.push(
      `<rect x="${round(x * width)}" y="${round(y * height)}" width="${round(w * width)}" height="${round(h * height)}"` +
        ` rx="${round(stroke * 2)}" fill="none"/>`,
    );
  }
  const drawing = shapes.join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g stroke="#000" stroke-opacity="0.45" stroke-width="${round(stroke * 2)}">${drawing}</g>` +
    `<g stroke="${BOX_COLOUR}" stroke-width="${round(stroke)}">${drawing}</g></svg>`
  );
}

function round(value: number): string {
  return (Number.isFinite(value) ? value : 0).toFixed(1);
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await writeFile(`${path}.part`, bytes, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
