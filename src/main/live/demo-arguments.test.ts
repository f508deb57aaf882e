import { expect, test } from 'vitest';
import { buildGeneratedArguments, buildSceneArguments, parseFfmpegFeatures } from './demo-arguments.ts';

const FILTERS = ' T.C drawtext          V->V       Draw text on top of video frames.\n ... drawbox V->V';
const ENCODERS = ' V....D libx264              libx264 H.264 (codec h264)\n V..... libopenh264 OpenH264';

test.each([
  [FILTERS, ENCODERS, { drawtext: true, encoder: 'libx264' }],
  [' ... drawbox V->V', ' V..... libopenh264          OpenH264', { drawtext: false, encoder: 'libopenh264' }],
  ['', ' V..... mpeg1video ', { drawtext: false, encoder: null }],
] as const)('features of a build', (filters, encoders, expected) => {
  expect(parseFfmpegFeatures(filters, encoders)).toEqual(expected);
});

test('a scene starts where the clock says, with a clock burnt in, scaled for its stream', () => {
  const filter = (...given: Parameters<typeof buildSceneArguments>) => {
    const args = buildSceneArguments(...given);
    return args[args.indexOf('-vf') + 1];
  };
  const features = { drawtext: true, encoder: 'libx264' } as const;
  expect(filter('/scenes/a.mp4', 12.3456, 'main', features)).toMatch(
    /^trim=start=12\.346,.*scale=960:540,drawtext=/,
  );
  expect(filter('/scenes/a.mp4', 0, 'sub', { ...features, drawtext: false })).toMatch(
    /scale=640:360,format=yuv420p$/,
  );
});

test('a build without an encoder sends the loop as it is', () => {
  const args = buildSceneArguments('/scenes/a.mp4', 12, 'main', { drawtext: true, encoder: null });
  expect(args).toContain('copy');
  expect(args).not.toContain('-vf');
});

test('generated pictures differ by name', () => {
  const graph = (name: string) => {
    const args = buildGeneratedArguments(name, 'main', { drawtext: true, encoder: 'libx264' });
    return args[args.indexOf('-i') + 1];
  };
  expect(graph('hall')).toBe(graph('hall'));
  expect(graph('hall')).not.toBe(graph('yard'));
});
