/** The live addresses of the Faceter API in the players that people use: ffmpeg, VLC, GStreamer, Chromium. Absent ones are skipped. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { until } from '../fixtures/engine.ts';
import {
  call,
  FRONT,
  type IntegrationEngine,
  KEY,
  startIntegrationEngine,
} from '../fixtures/integration-engine.ts';
import { has } from '../fixtures/programs.ts';

const run = promisify(execFile);
const SECONDS = 3;
let fixture: IntegrationEngine;
let urls: { rtsp: string; hls: string };
/** Anybody may write here: VLC refuses to run as root. */
let shared: string;

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: true });
  shared = mkdtempSync(join(tmpdir(), 'players-'));
  chmodSync(shared, 0o777);
  const camera = await until('a live camera', async () => {
    const { json } = await call(`${fixture.url}/integration-api/v1/cameras/${FRONT}`, 'GET', {
      headers: { 'x-integration-key': KEY },
    });
    return json.liveHlsUrl && json.liveRtspUrl ? json : null;
  });
  urls = { rtsp: camera.liveRtspUrl, hls: camera.liveHlsUrl };
});
afterAll(async () => {
  await fixture?.stop();
  if (shared) rmSync(shared, { recursive: true, force: true });
});

const HAS_GSTREAMER = has('gst-launch-1.0');
const HAS_VLC = has('cvlc') && (process.getuid?.() !== 0 || has('runuser'));
const HAS_VLC_WITH_RTSP = HAS_VLC && knowsRtsp();

describe('RTSP', () => {
  test.each(['tcp', 'udp'])('ffmpeg over %s decodes picture and sound', async (transport) => {
    const { stderr } = await run(
      'ffmpeg',
      [
        ...[
          '-hide_banner',
          '-v',
          'info',
          '-rtsp_transport',
          transport,
          '-i',
          urls.rtsp,
          '-t',
          String(SECONDS),
        ],
        ...['-map', '0:v', '-map', '0:a', '-f', 'null', '-'],
      ],
      { timeout: 40_000 },
    );
    expect(Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(stderr)?.[1])).toBeGreaterThanOrEqual(
      SECONDS * 10 - 5,
    );
    expect(stderr).not.toMatch(/error while decoding|concealing/i);
  });

  test.skipIf(!HAS_GSTREAMER).each(['tcp', 'udp'])(
    'GStreamer over %s decodes pictures',
    async (transport) => {
      const folder = join(shared, `gst-${transport}`);
      mkdirSync(folder);
      await run(
        'gst-launch-1.0',
        [
          ...['-q', 'rtspsrc', `location=${urls.rtsp}`, `protocols=${transport}`, 'latency=200', '!'],
          ...['rtph264depay', '!', 'avdec_h264', '!', 'videoconvert', '!', 'identity', 'eos-after=20', '!'],
          ...['jpegenc', '!', 'multifilesink', `location=${join(folder, '%03d.jpg')}`],
        ],
        { timeout: 40_000 },
      );
      const pictures = readdirSync(folder);
      expect(pictures.length).toBeGreaterThanOrEqual(15);
      expect(pictures.every((name) => statSync(join(folder, name)).size > 1000)).toBe(true);
    },
  );

  test.skipIf(!HAS_VLC_WITH_RTSP).each([
    ['tcp', '--rtsp-tcp'],
    ['udp', '--no-rtsp-tcp'],
  ])('VLC over %s plays', async (_name, option) => {
    expect(await playInVlc(urls.rtsp, [option])).toBeGreaterThanOrEqual(10);
  });

  test('nobody without the credentials of the key', async () => {
    const wrong = urls.rtsp.replace(/:[0-9a-f]+@/, ':wrong@');
    await expect(
      run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', wrong], { timeout: 20_000 }),
    ).rejects.toThrow(/401/);
  });
});

describe('HLS', () => {
  test('ffmpeg decodes it', async () => {
    const { stderr } = await run(
      'ffmpeg',
      [
        '-hide_banner',
        '-v',
        'info',
        '-i',
        urls.hls,
        '-t',
        String(SECONDS),
        '-map',
        '0:v',
        '-map',
        '0:a',
        '-f',
        'null',
        '-',
      ],
      { timeout: 40_000 },
    );
    expect(Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(stderr)?.[1])).toBeGreaterThanOrEqual(
      SECONDS * 10 - 5,
    );
  });

  test.skipIf(!HAS_VLC)('VLC plays it', async () => {
    expect(await playInVlc(urls.hls, [])).toBeGreaterThanOrEqual(10);
  });

  test.skipIf(!CHROMIUM)(
    'Chromium plays it in a plain video element, where it knows HLS',
    async (context) => {
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        await page.goto(`${fixture.url}/healthz`);
        const canPlay = await page.evaluate(() =>
          document.createElement('video').canPlayType('application/vnd.apple.mpegurl'),
        );
        context.skip(canPlay === '', 'this Chromium does not know HLS');
        await page.setContent(`<video muted autoplay src="${urls.hls}"></video>`);
        await page.waitForFunction(
          () => {
            const video = document.querySelector('video');
            return video !== null && video.videoWidth === 320 && video.currentTime > 1;
          },
          null,
          { timeout: 30_000 },
        );
      } finally {
        await browser.close();
      }
    },
  );
});

/** Plays for some seconds; how many pictures VLC decoded and encoded anew. */
async function playInVlc(url: string, options: string[]): Promise<number> {
  const file = join(shared, `vlc-${readdirSync(shared).length}.ts`);
  const output = `#transcode{vcodec=mp2v,vb=800,acodec=none}:std{access=file,mux=ts,dst=${file}}`;
  const [program, ...args] = vlc(['--run-time', '5', '--play-and-exit', ...options, url, '--sout', output]);
  await run(program!, args, { timeout: 40_000 });
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-count_packets', '-show_entries', 'stream=nb_read_packets'],
    ...['-of', 'csv=p=0', file],
  ]);
  return Number.parseInt(stdout, 10);
}

/** A command line of VLC, as a user that is not root. */
function vlc(args: string[]): string[] {
  const command = ['cvlc', '--intf', 'dummy', ...args, 'vlc://quit'];
  return process.getuid?.() === 0
    ? ['runuser', '-u', 'nobody', '--', 'env', `HOME=${tmpdir()}`, ...command]
    : command;
}

/** Debian builds VLC without live555: that one knows no RTSP at all. */
function knowsRtsp(): boolean {
  const [program, ...args] = vlc(['--rtsp-tcp']);
  return spawnSync(program!, args, { timeout: 20_000 }).status === 0;
}
