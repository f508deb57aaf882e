import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { NvrEvent } from '../../shared/domain-events.ts';
import { describePicture, rankByLikeness } from './likeness.ts';

/** Somebody in a jacket and trousers before a grey wall. */
function person(jacket: string, trousers: string, wall = '#777'): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="150"><rect width="60" height="150" fill="${wall}"/>
    <circle cx="30" cy="20" r="12" fill="#d8a888"/><rect x="14" y="34" width="32" height="55" fill="${jacket}"/>
    <rect x="17" y="89" width="26" height="58" fill="${trousers}"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

function event(sequence: number, labels: string[]): NvrEvent {
  return {
    id: `00000000-0000-4000-8000-00000000000${sequence}`,
    sequence,
    cameraId: 'front',
    cameraName: 'front',
    type: 'object',
    startEpochMs: sequence,
    endEpochMs: sequence,
    labels,
    detail: { box: { x: 0.4, y: 0.3, width: 0.1, height: 0.5 } },
    hasSnapshot: true,
  };
}

test('the same clothes come first, then others, then other things', async () => {
  const events = [
    event(1, ['human']),
    event(2, ['human']),
    event(3, ['human']),
    event(4, ['vehicle', 'car']),
  ];
  const pictures = [
    await person('#c02020', '#202040'),
    await person('#b82828', '#26263c', '#6d6d6d'),
    await person('#20a030', '#d0d0d0'),
    await person('#e0e0e0', '#e0e0e0', '#e0e0e0'),
  ];
  const vectors = new Map<number, Uint8Array>();
  for (const [i, picture] of pictures.entries()) vectors.set(i + 1, (await describePicture(picture))!);
  const store = {
    vectors: () => vectors,
    bySequences: (wanted: readonly number[]) => wanted.map((sequence) => events[sequence - 1]!),
  };
  const ranked = rankByLikeness(store, events[0]!, [4, 3, 2], 3);
  expect(ranked.map(({ event: { sequence } }) => sequence)).toEqual([2, 3, 4]);
  expect(ranked[0]!.similarity).toBeGreaterThan(0.85);
  expect(ranked[0]!.similarity).toBeLessThan(1);
  expect(ranked[2]!.similarity).toBeLessThan(0.5);
  expect(rankByLikeness(store, events[0]!, [4, 3, 2], 1)).toHaveLength(1);
});

test('what is no picture has no vector', async () => {
  expect(await describePicture(Buffer.from('nothing'))).toBeNull();
});
