/**
 * Surfaces drawn on canvases: cloth, tiles, plaster, asphalt, wood. Random, but the same at every rendering. All are matt and
 * of the cheapest kind of shading, since a processor alone renders them.
 */
import { CanvasTexture, MeshLambertMaterial, RepeatWrapping, SRGBColorSpace } from 'three';

/** Mulberry32: small, seeded, the same everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Painter = (context: CanvasRenderingContext2D, size: number, random: () => number) => void;

export function paintTexture(
  size: number,
  seed: number,
  repeat: readonly [number, number],
  paint: Painter,
): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d')!;
  paint(context, size, createRandom(seed));
  const texture = new CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.repeat.set(repeat[0], repeat[1]);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 2;
  return texture;
}

function speckle(
  context: CanvasRenderingContext2D,
  size: number,
  random: () => number,
  count: number,
  strength: number,
) {
  for (let index = 0; index < count; index++) {
    const bright = random() > 0.5 ? 255 : 0;
    context.fillStyle = `rgba(${bright},${bright},${bright},${random() * strength})`;
    const radius = 0.5 + random() * random() * size * 0.02;
    context.fillRect(random() * size, random() * size, radius * 2, radius * 2);
  }
}

/** Woven cloth with soft vertical folds. */
export function cloth(
  colour: string,
  seed: number,
  pattern: 'plain' | 'stripes' | 'denim' = 'plain',
): MeshLambertMaterial {
  const map = paintTexture(128, seed, [1, 1], (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    if (pattern === 'stripes') {
      context.fillStyle = 'rgba(255,255,255,0.55)';
      for (let y = 0; y < size; y += 16) context.fillRect(0, y, size, 6);
    }
    for (let fold = 0; fold < 14; fold++) {
      const dark = random() > 0.45;
      context.strokeStyle = dark
        ? `rgba(0,0,0,${0.1 + random() * 0.16})`
        : `rgba(255,255,255,${0.05 + random() * 0.08})`;
      context.lineWidth = 3 + random() * 9;
      context.beginPath();
      const x = random() * size;
      context.moveTo(x, -5);
      context.bezierCurveTo(
        x + (random() - 0.5) * 40,
        size / 3,
        x + (random() - 0.5) * 40,
        (2 * size) / 3,
        x + (random() - 0.5) * 30,
        size + 5,
      );
      context.stroke();
    }
    speckle(context, size, random, pattern === 'denim' ? 2500 : 900, 0.08);
  });
  return new MeshLambertMaterial({ map });
}

export function tiles(
  colour: string,
  joint: string,
  seed: number,
  repeat: readonly [number, number],
): MeshLambertMaterial {
  const map = paintTexture(512, seed, repeat, (context, size, random) => {
    const count = 4;
    const side = size / count;
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        context.fillStyle = colour;
        context.fillRect(column * side, row * side, side, side);
        const shade = random() > 0.5 ? 255 : 0;
        context.fillStyle = `rgba(${shade},${shade},${shade},${random() * 0.07})`;
        context.fillRect(column * side, row * side, side, side);
      }
    }
    speckle(context, size, random, 5000, 0.06);
    context.strokeStyle = joint;
    context.lineWidth = 3;
    for (let line = 0; line <= count; line++) {
      context.strokeRect(line * side, -4, 0.01, size + 8);
      context.strokeRect(-4, line * side, size + 8, 0.01);
    }
  });
  return new MeshLambertMaterial({ map });
}

export function plaster(
  colour: string,
  seed: number,
  repeat: readonly [number, number] = [2, 1],
): MeshLambertMaterial {
  const map = paintTexture(512, seed, repeat, (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    for (let blot = 0; blot < 60; blot++) {
      const shade = random() > 0.5 ? 255 : 0;
      const x = random() * size;
      const y = random() * size;
      const radius = 20 + random() * 90;
      const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
      gradient.addColorStop(0, `rgba(${shade},${shade},${shade},0.05)`);
      gradient.addColorStop(1, `rgba(${shade},${shade},${shade},0)`);
      context.fillStyle = gradient;
      context.fillRect(x - radius, y - radius, radius * 2, radius * 2);
    }
    speckle(context, size, random, 3000, 0.05);
  });
  return new MeshLambertMaterial({ map });
}

export function asphalt(seed: number, repeat: readonly [number, number]): MeshLambertMaterial {
  const map = paintTexture(512, seed, repeat, (context, size, random) => {
    context.fillStyle = '#5c5d60';
    context.fillRect(0, 0, size, size);
    speckle(context, size, random, 12_000, 0.05);
    for (let crack = 0; crack < 4; crack++) {
      context.strokeStyle = 'rgba(20,20,22,0.35)';
      context.lineWidth = 1 + random();
      context.beginPath();
      let [x, y] = [random() * size, random() * size];
      context.moveTo(x, y);
      for (let bend = 0; bend < 8; bend++) {
        x += (random() - 0.5) * 80;
        y += (random() - 0.3) * 50;
        context.lineTo(x, y);
      }
      context.stroke();
    }
  });
  return new MeshLambertMaterial({ map });
}

export function wood(colour: string, seed: number): MeshLambertMaterial {
  const map = paintTexture(256, seed, [1, 1], (context, size, random) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    for (let grain = 0; grain < 90; grain++) {
      context.strokeStyle = `rgba(40,20,5,${random() * 0.18})`;
      context.lineWidth = 0.5 + random() * 2;
      const x = random() * size;
      context.beginPath();
      context.moveTo(x, 0);
      context.bezierCurveTo(
        x + random() * 8,
        size / 3,
        x - random() * 8,
        (size * 2) / 3,
        x + random() * 6,
        size,
      );
      context.stroke();
    }
  });
  return new MeshLambertMaterial({ map });
}

export function brick(): MeshLambertMaterial {
  const map = paintTexture(512, 77, [10, 3], (context, size, random) => {
    context.fillStyle = '#9d8f80';
    context.fillRect(0, 0, size, size);
    for (let row = 0; row < 24; row++) {
      for (let column = -1; column < 9; column++) {
        const shade = 110 + random() * 45;
        context.fillStyle = `rgb(${shade + 25},${shade - 15},${shade - 35})`;
        context.fillRect(column * 64 + (row % 2) * 32 + 2, row * (size / 24) + 2, 60, size / 24 - 4);
      }
    }
  });
  return new MeshLambertMaterial({ map });
}
