/** Why a camera is not delivering: the gap's cause, and words and advice for the user. Never holds a credential. */
import type { GapCause } from '../../shared/domain-storage.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import { redact } from '../platform/log.ts';

/** Ends an attempt to capture; expected, and therefore retried. */
export class CaptureFailure extends AppError {
  readonly gapCause: GapCause;
  /** What the user can do. */
  readonly advice: string;
  /** Trying again soon is of no use: wrong password, unknown path, unknown codec. */
  readonly lasting: boolean;

  constructor(gapCause: GapCause, problem: string, advice: string, lasting = false, cause?: unknown) {
    super('unavailable', redact(problem), { cause });
    this.name = 'CaptureFailure';
    this.gapCause = gapCause;
    this.advice = advice;
    this.lasting = lasting;
  }
}

const CHECK_NETWORK = 'Check that the camera has power and network, and that its address is right.';
const CHECK_ADDRESS = "Check the stream's address in the camera's manual or settings.";

const BY_CODE: Record<string, [problem: string, advice: string]> = {
  ECONNREFUSED: [
    'The device refuses connections on this port',
    'Check the port (RTSP is usually 554) and that RTSP is switched on in the camera.',
  ],
  EHOSTUNREACH: ['The camera cannot be reached', CHECK_NETWORK],
  ENETUNREACH: ["The camera's network cannot be reached", "Check this computer's network connection."],
  EHOSTDOWN: ['The camera cannot be reached', CHECK_NETWORK],
  ETIMEDOUT: ['The camera does not answer', CHECK_NETWORK],
  ENOTFOUND: ['The host name is not known', 'Check the spelling, or use the IP address of the camera.'],
  EAI_AGAIN: ['The host name could not be looked up', "Check this computer's network and its name server."],
  ECONNRESET: [
    'The camera closed the connection',
    'It will be tried again; if this repeats, restart the camera.',
  ],
  EPIPE: ['The camera closed the connection', 'It will be tried again; if this repeats, restart the camera.'],
};

/** A socket's error in the user's words. */
export function failureOfSocket(error: unknown): CaptureFailure {
  if (error instanceof CaptureFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = BY_CODE[code];
  if (known) return new CaptureFailure('camera-unreachable', known[0], known[1], false, error);
  if (/SSL|TLS|CERT/i.test(code)) {
    const advice =
      'Check that the camera offers RTSP over TLS on this port, or use rtsp:// instead of rtsps://.';
    return new CaptureFailure(
      'camera-unreachable',
      'No secure connection could be made',
      advice,
      false,
      error,
    );
  }
  if (error instanceof AppError)
    return new CaptureFailure('camera-refused', error.message, CHECK_ADDRESS, true, error);
  return new CaptureFailure(
    'camera-unreachable',
    `Connection failed: ${messageOf(error)}`,
    CHECK_NETWORK,
    false,
    error,
  );
}

/** An RTSP status of 300 and more in the user's words. `hasCredentials`: an answer to the challenge was possible. */
export function failureOfStatus(status: number, reason: string, hasCredentials: boolean): CaptureFailure {
  if (status === 401 || status === 403) {
    const problem = hasCredentials
      ? 'Wrong user name or password'
      : 'The camera asks for a user name and password';
    const advice = hasCredentials
      ? "Check the camera's account: user name, password, and that it may view the stream."
      : 'Add them to the address: rtsp://USER:PASSWORD@HOST/…';
    return new CaptureFailure('wrong-credentials', problem, advice, true);
  }
  if (status === 404)
    return new CaptureFailure('camera-refused', 'The camera has no stream at this path', CHECK_ADDRESS, true);
  if (status === 453 || status === 503) {
    const advice = 'Close other programs that watch this camera, or raise its limit of viewers.';
    return new CaptureFailure('camera-refused', 'The camera is busy: too many viewers', advice);
  }
  if (status === 454)
    return new CaptureFailure('stream-ended', 'The camera ended the session', 'It will be tried again.');
  if (status === 461)
    return new CaptureFailure(
      'camera-refused',
      'The camera does not offer this transport',
      'Choose the other transport (TCP or UDP) for this camera.',
      true,
    );
  const words = reason.replaceAll(/[^\w .,-]/g, '').slice(0, 80);
  return new CaptureFailure(
    'camera-refused',
    `The camera answers with error ${status} ${words}`.trim(),
    CHECK_ADDRESS,
  );
}

export function noAnswer(step: string): CaptureFailure {
  return new CaptureFailure('camera-unreachable', `The camera does not answer (${step})`, CHECK_NETWORK);
}

export function stalled(seconds: number): CaptureFailure {
  return new CaptureFailure(
    'stream-stalled',
    `Connected, but no pictures for ${seconds} s`,
    'Check the camera; if this repeats, restart it or try the other transport (TCP or UDP).',
  );
}

export function ended(): CaptureFailure {
  return new CaptureFailure(
    'stream-ended',
    'The camera closed the stream',
    'It will be tried again; if this repeats, restart the camera.',
  );
}

export function resized(): CaptureFailure {
  return new CaptureFailure(
    'stream-ended',
    'The camera changed the size of its pictures',
    'Nothing has to be done: the recording goes on in the new size.',
  );
}

export function noKeyframes(seconds: number): CaptureFailure {
  return new CaptureFailure(
    'unsupported-stream',
    `The camera sends pictures, but no key frame within ${seconds} s`,
    'Set a key frame interval (GOP) of 1 to 4 seconds in the camera.',
  );
}

const CODEC_NAMES: Record<string, string> = {
  JPEG: 'Motion JPEG',
  'MP4V-ES': 'MPEG-4 Part 2',
  MPV: 'MPEG-2',
  MP2T: 'an MPEG transport stream',
  VP8: 'VP8',
  VP9: 'VP9',
  AV1: 'AV1',
};

export function unsupportedCodec(encoding: string): CaptureFailure {
  return new CaptureFailure(
    'unsupported-stream',
    `The camera sends ${codecName(encoding)}, which cannot be recorded`,
    "Set the stream to H.264 or H.265 in the camera's settings.",
    true,
  );
}

/** 'VP8', for an encoding name of a session description. */
export function codecName(encoding: string): string {
  return CODEC_NAMES[encoding] ?? (encoding || 'an unknown codec');
}

export function encoderFailed(encoding: string): CaptureFailure {
  return new CaptureFailure(
    'unsupported-stream',
    `${codecName(encoding)} could not be turned into H.264`,
    "Set the stream to H.264 or H.265 in the camera's settings, or see that the ffmpeg in use has libx264.",
  );
}

export function noVideo(): CaptureFailure {
  return new CaptureFailure('unsupported-stream', 'The stream has no video', CHECK_ADDRESS, true);
}
