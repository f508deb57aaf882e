import { expect, test } from 'vitest';
import { chooseProfiles, type MediaProfile } from './profiles.ts';

function profile(
  token: string,
  width: number,
  height: number,
  rest: Partial<MediaProfile> = {},
): MediaProfile {
  return { token, width, height, codec: 'H264', framesPerSecond: 25, sourceToken: 'a', ...rest };
}

const CASES: Array<[string, MediaProfile[], string | undefined, string | undefined]> = [
  ['nothing', [], undefined, undefined],
  ['one', [profile('only', 1920, 1080)], 'only', undefined],
  ['three', [profile('low', 352, 288), profile('mid', 704, 576), profile('high', 2560, 1440)], 'high', 'mid'],
  ['a second as large', [profile('a', 1920, 1080), profile('b', 1920, 1080)], 'a', undefined],
  ['a tiny second', [profile('a', 1920, 1080), profile('b', 176, 144)], 'a', undefined],
  [
    'a larger one in JPEG',
    [profile('jpeg', 3840, 2160, { codec: 'JPEG' }), profile('a', 1280, 720)],
    'a',
    undefined,
  ],
  ['nothing but JPEG', [profile('jpeg', 1280, 720, { codec: 'JPEG' })], 'jpeg', undefined],
  [
    'two lenses',
    [profile('a', 1920, 1080), profile('b', 640, 360, { sourceToken: 'b' }), profile('c', 640, 352)],
    'a',
    'c',
  ],
  [
    'no sizes told',
    [profile('a', 0, 0, { width: null, height: null }), profile('b', 0, 0, { width: null, height: null })],
    'a',
    undefined,
  ],
];

test.each(CASES)('chooses main and sub of %s', (_name, profiles, main, sub) => {
  const chosen = chooseProfiles(profiles);
  expect(chosen?.main.token).toBe(main);
  expect(chosen?.sub?.token).toBe(sub);
});
