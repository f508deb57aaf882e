/** Looks at a source before a camera is saved: what it delivers, a first picture, or what is wrong with it in words. */
import type { ProbeResult } from '../../shared/contract-cameras.ts';
import { messageOf } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CaptureAttempt } from './attempt.ts';
import { deferred } from './deferred.ts';
import { CaptureFailure, failureOfSocket, noKeyframes } from './failure.ts';
import { openAttempt } from './source.ts';
import { readStreamFacts } from './stream-facts.ts';
import { StreamMeter } from './stream-meter.ts';

export interface ProbeOptions {
  /** As typed, with credentials. */
  url: string;
  transport: 'tcp' | 'udp';
  clock: Clock;
  log: Logger;
  ffmpegPath: string | null;
  resolveSource(url: string): string | Promise<string>;
  /** Waits for a second key frame, but no longer than this after the first, so that their distance is known. Absent: does not. */
  watchKeyframesMs?: number;
  /** For tests. */
  open?: typeof openAttempt;
}

/** Pictures must come within this. */
const ALIVE_MS = 10_000;
/** The first key frame must come within this: they may be 10 s and more apart. */
const KEYFRAME_MS = 16_000;
/** Looked at for this long after the first key frame, so that the measured rates mean something. */
const MEASURE_MS = 1200;
const PICTURE_MS = 4000;
const PICTURE_WIDTH = 640;

/**
 * Takes at most 10 s where no picture comes, 16 s up to the first key frame, and from there what is measured and watched, and a little
 * for the picture. Never throws for what is wrong with the source.
 */
export async function probeSource(options: ProbeOptions): Promise<ProbeResult> {
  const { clock, open = openAttempt } = options;
  const meter = new StreamMeter();
  const done = deferred<CaptureFailure | null>();
  let description: StreamDescription | null = null;
  let key: Fragment | null = null;
  let attempt: CaptureAttempt | null = null;
  let alive = false;
  let measured = false;
  /** Enough was seen: for the rates, and of key frames where their distance is asked for. */
  const endWhenSeen = () => {
    if (!measured) return;
    if (options.watchKeyframesMs === undefined || meter.measure().keyframeIntervalSeconds !== null)
      done.resolve(null);
  };
  const refuseUnless = (seen: () => boolean) => () => {
    if (!seen()) done.resolve(tooLate(alive));
  };
  const timers = [
    clock.after(
      ALIVE_MS,
      refuseUnless(() => alive),
    ),
    clock.after(
      KEYFRAME_MS,
      refuseUnless(() => key !== null),
    ),
  ];
  try {
    attempt = open(await options.resolveSource(options.url), {
      transport: options.transport,
      audio: true,
      ffmpegPath: options.ffmpegPath,
      clock,
      log: options.log,
      sink: {
        stream: (next) => {
          description = next;
          key = null;
        },
        fragment: (fragment) => {
          if (fragment.track !== 'video' || key || !fragment.keyframe) return;
          key = fragment;
          const onMeasured = () => {
            measured = true;
            endWhenSeen();
          };
          timers.push(clock.after(MEASURE_MS, onMeasured));
          if (options.watchKeyframesMs !== undefined)
            timers.push(clock.after(options.watchKeyframesMs, () => done.resolve(null)));
        },
      },
      onAlive: () => {
        alive = true;
      },
      onFrame: (info) => {
        meter.frame(info.atMs, info.bytes, info.keyframe);
        if (info.keyframe) endWhenSeen();
      },
      onLost: done.resolve,
    });
    attempt.start().catch(done.resolve);
  } catch (error) {
    done.resolve(failureOfSocket(error));
  }
  const failure = await done.promise;
  for (const cancel of timers) cancel();
  await attempt?.stop();
  if (failure || !description || !key || !attempt) return refusal(failure ?? tooLate(alive));
  const facts = readStreamFacts('main', description, attempt, meter);
  return {
    ok: true,
    problem: null,
    advice: null,
    facts,
    picture: await takePicture(options, description, key),
  };
}

/** A data: URL of the key frame as JPEG; null where it cannot be decoded: the facts stand without it. */
async function takePicture(
  { ffmpegPath, log }: ProbeOptions,
  description: StreamDescription,
  key: Fragment,
): Promise<string | null> {
  if (!ffmpegPath) return null;
  try {
    const output = ['-frames:v', '1', '-vf', `scale='min(${PICTURE_WIDTH},iw)':-2`, '-f', 'mjpeg', 'pipe:1'];
    const { stdout } = await runFfmpeg(
      ffmpegPath,
      ['-hide_banner', '-v', 'error', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0', ...output],
      { stdin: Buffer.concat([description.videoInit, key.data]), timeoutMs: PICTURE_MS },
    );
    return stdout.length > 0 ? `data:image/jpeg;base64,${stdout.toString('base64')}` : null;
  } catch (error) {
    log.warn({ problem: messageOf(error) }, 'the first picture could not be decoded');
    return null;
  }
}

function refusal(failure: CaptureFailure): ProbeResult {
  return { ok: false, problem: failure.message, advice: failure.advice, facts: null, picture: null };
}

function tooLate(alive: boolean): CaptureFailure {
  return alive
    ? noKeyframes(KEYFRAME_MS / 1000)
    : new CaptureFailure(
        'camera-unreachable',
        `No pictures within ${ALIVE_MS / 1000} s`,
        'Check the address and the network; try the other transport (TCP or UDP).',
      );
}
