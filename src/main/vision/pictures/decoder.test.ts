import { expect, test } from 'vitest';
import { buildDecoderArguments } from './decoder.ts';
import { parseVideoFacts } from './file.ts';
import { parseFrameStamp } from './frame-stamps.ts';
import { captureTime } from './live.ts';

test('the arguments for live fragments', () => {
  const args = buildDecoderArguments({ input: { kind: 'fragments' }, fps: 5, width: 640, height: 360 });
  expect(args.join(' ')).toBe(
    '-hide_banner -nostdin -nostats -loglevel level+error -threads 1 -copyts -probesize 32 -analyzeduration 0 -f mp4 -i pipe:0 ' +
      '-map 0:V:0 -filter_threads 1 -vf ' +
      "select='isnan(prev_selected_t)+gt(floor(t*5+0.01),floor(prev_selected_t*5+0.01))',settb=1/1000000,scale=640:360:out_range=tv,format=yuv420p," +
      'metadata=add:key=stamp:value=1,metadata=print:key=stamp:direct=1:file=pipe\\\\:3 ' +
      '-fps_mode passthrough -f rawvideo -avioflags direct pipe:1',
  );
});

test('a file is never taken for a flag or another protocol', () => {
  const args = buildDecoderArguments({
    input: { kind: 'file', file: '-y.mp4' },
    fps: 5,
    width: 64,
    height: 36,
  });
  expect(args[args.indexOf('-i') + 1]).toMatch(/^file:\/.*\/-y\.mp4$/);
});

test.each([
  ['frame:3    pts:2416667 pts_time:2.41667', 2_416_667],
  ['frame:1000 pts:-20000  pts_time:-0.02', -20_000],
  ['stamp=1', null],
])('%s', (line, stamp) => {
  expect(parseFrameStamp(line)).toBe(stamp);
});

const REPORT = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'clip.mp4':
  Duration: 00:02:19.40, start: 0.000000, bitrate: 188 kb/s
  Stream #0:0[0x1](eng): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, smpte170m), 768x432 [SAR 1:1 DAR 16:9], 184 kb/s, 10 fps, 10 tbr
`;
test.each([
  ['a clip', REPORT, { durationSeconds: 139.4, width: 768, height: 432, fps: 10 }],
  [
    'turned',
    `${REPORT}    Side data:\n      displaymatrix: rotation of -90.00 degrees\n`,
    { durationSeconds: 139.4, width: 432, height: 768, fps: 10 },
  ],
  [
    'no length',
    REPORT.replace(/Duration: [^,]*/, 'Duration: N/A'),
    { durationSeconds: 0, width: 768, height: 432, fps: 10 },
  ],
  ['sound only', REPORT.replace('Video: h264', 'Audio: aac'), null],
  ['no media', 'clip.txt: Invalid data found when processing input', null],
])('facts of %s', (_, report, facts) => {
  expect(parseVideoFacts(report)).toEqual(facts);
});

test('a picture was captured when the fragment decoded at its time was, and older fragments are forgotten', () => {
  const times = [0, 40_000, 80_000, 120_000].map((decodeUs) => ({
    decodeUs,
    epochMs: 1000 + decodeUs / 1000,
  }));
  times[2]!.epochMs = 1085; // the capture clock wandered
  expect(captureTime(times, 80_000)).toBe(1085);
  expect(times).toHaveLength(2);
  expect(captureTime(times, 100_000)).toBe(1105);
  expect(captureTime(times, 119_999.6)).toBeCloseTo(1120, 2);
});
