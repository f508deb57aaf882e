import { describe, expect, test } from 'vitest';
import { ExportOptionsSchema } from '../../shared/contract-exports.ts';
import type { Piece } from './export-pieces.ts';
import { inWordsOfDisk, planRoom } from './export-room.ts';

const piece = (estimatedBytes: number, videoCodecString: string) =>
  ({ estimatedBytes, source: { part: { segments: [{ videoCodecString }] } } }) as unknown as Piece;
const upload = { estimatedBytes: 70, source: { upload: {} } } as unknown as Piece;
const pieces = [piece(100, 'hev1.1.6'), piece(200, 'avc1.64')];

describe('room for an export', () => {
  test.each([
    ['as recorded', 'clip', {}, false, { target: 370, scratch: 0, isGuess: false }],
    ['as recorded, to a drive', 'clip', {}, true, { target: 370, scratch: 0, isGuess: false }],
    ['encoded', 'clip', { caption: true }, false, { target: 970, scratch: 0, isGuess: true }],
    ['encoded, to a drive', 'clip', { caption: true }, true, { target: 970, scratch: 600, isGuess: true }],
    ['a time lapse', 'clip', { timeLapse: 50 }, true, { target: 160, scratch: 60, isGuess: true }],
    [
      ...['evidence with a copy', 'evidence', { compatible: true }, false],
      { target: 970, scratch: 0, isGuess: true },
    ],
    [
      ...['evidence with a copy, to a drive', 'evidence', { compatible: true }, true],
      { target: 670, scratch: 300, isGuess: true },
    ],
  ] as const)('%s', (_, form, options, isRemovable, expected) => {
    const job = { form, options: ExportOptionsSchema.parse(options) };
    expect(planRoom(job, [...pieces, upload], isRemovable)).toEqual(expected);
  });
});

test.each([
  ['ENOSPC', null, "The recorder's own disk is full. Free some space on it and export again."],
  ['EDQUOT', '“STICK”', 'The drive “STICK” is full. Free some space on it and export again.'],
  ['EFBIG', null, "The recorder's own disk cannot take files this large. Export a shorter time."],
  [
    ...['EFBIG', '“STICK”'],
    'The drive “STICK” cannot take files this large. Export a shorter time, or use a drive that is formatted with exFAT.',
  ],
] as const)('%s of %s is told in words', (code, place, words) => {
  const cause = Object.assign(new Error('write'), { code });
  expect(inWordsOfDisk(cause, place === null ? null : { place })).toMatchObject({
    ...{ kind: 'unavailable', message: words, cause },
  });
});

test('another error stays what it is', () => {
  const error = new Error('cancelled');
  expect(inWordsOfDisk(error, null)).toBe(error);
});
