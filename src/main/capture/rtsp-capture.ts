/** One attempt to capture an RTSP camera: session, depacketizers and assembler put together; ends with its failure. */

import type { StreamFacts } from '../../shared/contract-cameras.ts';
import { OPUS_RATE } from '../media/mp4/init-segment.ts';
import {
  AacDepacketizer,
  type AudioDepacketizer,
  OpusDepacketizer,
  parseAacFormat,
  SampleDepacketizer,
} from '../media/rtsp/audio-depacketizer.ts';
import { CameraReports } from '../media/rtsp/camera-reports.ts';
import { JpegDepacketizer } from '../media/rtsp/jpeg-depacketizer.ts';
import { METADATA_ENCODING, MetadataDepacketizer } from '../media/rtsp/metadata-depacketizer.ts';
import type { VideoCodec } from '../media/rtsp/nal-payload.ts';
import { type RtpPacket, Unwrapper } from '../media/rtsp/rtp.ts';
import type { SdpMedia, SessionDescription } from '../media/rtsp/sdp.ts';
import { type AccessUnit, VideoDepacketizer } from '../media/rtsp/video-depacketizer.ts';
import type { CaptureAttempt, CaptureAttemptOptions, StreamNames } from './attempt.ts';
import { codecName, encoderFailed, failureOfSocket, noVideo, resized, unsupportedCodec } from './failure.ts';
import { ParameterSets } from './parameter-sets.ts';
import { PictureEncoder } from './picture-encoder.ts';
import type { SessionTrack } from './received-track.ts';
import { RtpTranscoder } from './rtp-transcoder.ts';
import { RtspSession } from './rtsp-session.ts';
import { SoundEncoder } from './sound-encoder.ts';
import { encodedFormat, readSoundInput } from './sound-inputs.ts';
import { type SoundFormat, StreamAssembler } from './stream-assembler.ts';

const VIDEO_CODECS: Record<string, VideoCodec> = { H264: 'h264', H265: 'h265', HEVC: 'h265' };
const MOTION_JPEG = 'JPEG';
/** What ffmpeg unpacks and decodes in our place. */
const FALLBACK_CODECS = new Set([
  'MP4V-ES',
  'MPV',
  'VP8',
  'VP9',
  'AV1',
  'H261',
  'H263',
  'H263-1998',
  'H263-2000',
]);
const DEFAULT_FPS = 25;

/** What is made of the sound: how it is unpacked, and its words for the user. */
interface SoundPlan {
  format: SoundFormat;
  name: string;
  depacketizer: AudioDepacketizer;
}

export class RtspCapture implements CaptureAttempt {
  private readonly options: CaptureAttemptOptions;
  private readonly session: RtspSession;
  private assembler: StreamAssembler | null = null;
  private readonly cameraReports = new CameraReports();
  private transcoder: RtpTranscoder | null = null;
  private encoder: SoundEncoder | null = null;
  private pictureEncoder: PictureEncoder | null = null;
  names: StreamNames = { video: '', audio: null, note: null };

  /** Throws CaptureFailure when the address makes no sense. */
  constructor(options: CaptureAttemptOptions) {
    this.options = options;
    this.session = new RtspSession({
      url: options.url,
      transport: options.transport,
      clock: options.clock,
      log: options.log,
      chooseTracks: (description) => this.chooseTracks(description),
      onLost: options.onLost,
    });
  }

  async start(): Promise<void> {
    try {
      await this.session.start();
    } catch (error) {
      throw failureOfSocket(error);
    }
  }

  network(): StreamFacts['network'] {
    return this.session.network();
  }

  reports(): StreamFacts['reports'] {
    return this.cameraReports.list();
  }

  async stop(): Promise<void> {
    await Promise.all([this.session.stop(), this.stopEncoders()]);
  }

  private async stopEncoders(): Promise<void> {
    const running = [this.transcoder, this.encoder, this.pictureEncoder];
    [this.transcoder, this.encoder, this.pictureEncoder] = [null, null, null];
    await Promise.all(running.map((one) => one?.stop()));
  }

  private chooseTracks(description: SessionDescription): SessionTrack[] {
    void this.stopEncoders(); // of a description from before a redirect
    this.names = { video: '', audio: null, note: null };
    const media = this.chooseVideo(description.media.filter(({ kind }) => kind === 'video'));
    const own = VIDEO_CODECS[media.encoding];
    const codec = own ?? 'h264';
    const sound = this.options.audio ? this.chooseSound(description.media) : null;
    if (own) this.names.video = own;
    else this.nameEncoded(media);
    const assembler = new StreamAssembler({
      codec,
      parameterSets: new ParameterSets(codec, media),
      sound: sound?.plan?.format ?? null,
      sink: this.options.sink,
      onFrame: this.options.onFrame,
    });
    this.assembler = assembler;
    const onUnit = (unit: AccessUnit, arrivalEpochMs: number) =>
      this.guarded(() => assembler.video(unit, arrivalEpochMs));
    const unpack = own ? this.unpackVideo(own, onUnit) : this.encodeVideo(media, onUnit);
    const tracks: SessionTrack[] = [
      {
        media,
        onPacket: (packet, lost) => unpack.push(packet, lost),
        onSenderReport: (report) => assembler.senderReport('video', report),
        onStart: (rtpTimestamp) => assembler.started('video', rtpTimestamp),
      },
    ];
    if (sound?.plan) {
      const { plan } = sound;
      tracks.push({
        media: sound.media,
        onPacket: (packet, lost) => plan.depacketizer.push(packet, lost),
        onSenderReport: (report) => assembler.senderReport('audio', report),
        onStart: (rtpTimestamp) => assembler.started('audio', rtpTimestamp),
      });
    }
    tracks.push(...this.chooseMetadata(description));
    return tracks;
  }

  private chooseMetadata(description: SessionDescription): SessionTrack[] {
    const media = description.media.find(({ encoding }) => encoding === METADATA_ENCODING);
    if (!media) return [];
    const depacketizer = new MetadataDepacketizer((xml) =>
      this.cameraReports.document(xml, this.options.clock.epochMs()),
    );
    return [{ media, onPacket: (packet, lost) => depacketizer.push(packet, lost) }];
  }

  /** What is read here comes first, then what ffmpeg makes H.264 of. Throws CaptureFailure for what neither knows. */
  private chooseVideo(videos: readonly SdpMedia[]): SdpMedia {
    const media =
      videos.find(({ encoding }) => VIDEO_CODECS[encoding]) ??
      (this.options.ffmpegPath
        ? (videos.find(({ encoding }) => encoding === MOTION_JPEG) ??
          videos.find(({ encoding }) => FALLBACK_CODECS.has(encoding)))
        : undefined);
    if (!media) throw videos[0] ? unsupportedCodec(videos[0].encoding) : noVideo();
    return media;
  }

  private nameEncoded({ encoding }: SdpMedia): void {
    const name = encoding === MOTION_JPEG ? 'mjpeg' : codecName(encoding);
    this.names.video = `${name}, recorded as h264`;
    this.names.note = `The camera sends ${codecName(encoding)}, which ffmpeg turns into H.264. That takes more of this computer's processor: set H.264 or H.265 in the camera if it offers them.`;
  }

  private unpackVideo(codec: VideoCodec, onUnit: (unit: AccessUnit, arrivalEpochMs: number) => void) {
    return new VideoDepacketizer(codec, (unit) => {
      this.options.onAlive();
      onUnit(unit, this.options.clock.epochMs());
    });
  }

  private encodeVideo(media: SdpMedia, onUnit: (unit: AccessUnit, arrivalEpochMs: number) => void) {
    return media.encoding === MOTION_JPEG ? this.unpackJpeg(media, onUnit) : this.transcode(media, onUnit);
  }

  private transcode(media: SdpMedia, onUnit: (unit: AccessUnit, arrivalEpochMs: number) => void) {
    const { clock, log, onAlive, onLost } = this.options;
    const transcoder = new RtpTranscoder({
      ...{ ffmpegPath: this.options.ffmpegPath ?? '', media, log, onUnit },
      onResized: () => onLost(resized()),
      onFailed: () => onLost(encoderFailed(media.encoding)),
    });
    this.transcoder = transcoder;
    const push = (packet: RtpPacket, lost: number) => {
      onAlive();
      transcoder.push(packet, lost, clock.epochMs());
    };
    return { push };
  }

  private unpackJpeg(media: SdpMedia, onUnit: (unit: AccessUnit, arrivalEpochMs: number) => void) {
    const { clock, log, onAlive, onLost } = this.options;
    const encoder = new PictureEncoder({
      ...{ ffmpegPath: this.options.ffmpegPath ?? '', log, onUnit },
      framesPerSecond: media.framesPerSecond ?? DEFAULT_FPS,
      onFailed: () => onLost(encoderFailed(MOTION_JPEG)),
    });
    this.pictureEncoder = encoder;
    return new JpegDepacketizer((picture) => {
      onAlive();
      encoder.push(picture, clock.epochMs());
    });
  }

  private chooseSound(all: readonly SdpMedia[]): { media: SdpMedia; plan: SoundPlan | null } | null {
    const sounds = all.filter((media) => media.kind === 'audio' && media.direction !== 'inactive');
    // `sendonly` marks the way to the camera's loudspeaker in ONVIF; everywhere else it means sound that comes.
    const ordered = [...sounds].sort(
      (a, b) => Number(a.direction === 'sendonly') - Number(b.direction === 'sendonly'),
    );
    for (const media of ordered) {
      const plan = this.planSound(media);
      if (!plan) continue;
      this.names.audio = plan.name;
      return { media, plan };
    }
    const first = ordered[0];
    if (!first) return null;
    this.names.audio = `${readSoundInput(first)?.name ?? (first.encoding || 'unknown')} (not recorded)`;
    this.options.log.warn({ codec: first.encoding }, 'sound of this codec cannot be recorded');
    return { media: first, plan: null };
  }

  private planSound(media: SdpMedia): SoundPlan | null {
    const aac = parseAacFormat(media);
    const timestamps = new Unwrapper(32);
    if (aac) {
      const depacketizer = new AacDepacketizer(aac, ({ data, timestamp }) => {
        const frame = { data, timestamp: timestamps.next(timestamp), samples: aac.frameSamples };
        this.guarded(() => this.assembler?.sound(frame, this.options.clock.epochMs()));
      });
      const config = { codec: 'aac' as const, audioSpecificConfig: aac.audioSpecificConfig };
      return { format: { config, sampleRate: media.clockRate }, name: 'aac', depacketizer };
    }
    if (media.encoding === 'OPUS' && media.clockRate === OPUS_RATE) return this.planOpus(media);
    return this.planEncoded(media);
  }

  private planEncoded(media: SdpMedia): SoundPlan | null {
    const input = this.options.ffmpegPath ? readSoundInput(media) : null;
    if (!input) return null;
    const encoder = new SoundEncoder({
      ...{ ffmpegPath: this.options.ffmpegPath ?? '', input, log: this.options.log },
      onFrame: (frame) => this.guarded(() => this.assembler?.sound(frame, this.options.clock.epochMs())),
    });
    this.encoder = encoder;
    const timestamps = new Unwrapper(32);
    const samplesPerTick = input.sampleRate / media.clockRate;
    const depacketizer = new SampleDepacketizer(({ data, timestamp }) =>
      encoder.push(data, timestamps.next(timestamp) * samplesPerTick),
    );
    const format = encodedFormat(input, media.clockRate);
    return { format, name: `${input.name}, recorded as aac`, depacketizer };
  }

  private planOpus(media: SdpMedia): SoundPlan {
    const timestamps = new Unwrapper(32);
    const depacketizer = new OpusDepacketizer(({ data, timestamp, samples }) => {
      const frame = { data, timestamp: timestamps.next(timestamp), samples };
      this.guarded(() => this.assembler?.sound(frame, this.options.clock.epochMs()));
    });
    // RFC 7587 always says two channels in the session description; whether they differ it says beside it.
    const channels = media.format.get('sprop-stereo') === '1' ? 2 : 1;
    return {
      ...{ name: 'opus', depacketizer },
      format: { config: { codec: 'opus', channels }, sampleRate: OPUS_RATE },
    };
  }

  /** A stream that makes no sense ends the attempt, not the engine. */
  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.options.onLost(failureOfSocket(error));
    }
  }
}
