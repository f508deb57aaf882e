import { expect, test } from 'vitest';
import { AacDepacketizer, OpusDepacketizer, parseAacFormat } from '../media/rtsp/audio-depacketizer.ts';
import { parseRtp } from '../media/rtsp/rtp.ts';
import { buildSdp, parseSdp } from '../media/rtsp/sdp.ts';
import type { RtspDescription, RtspUnit } from './rtsp-source.ts';
import { buildMediaOffers, RtspTrack } from './rtsp-track.ts';

const AAC = { codec: 'aac' as const, audioSpecificConfig: Buffer.from('1408', 'hex') };
const OPUS = { codec: 'opus' as const, channels: 1 };

function describeWith(config: NonNullable<RtspDescription['audio']>['config'], sampleRate: number) {
  const video = { codec: 'h264' as const, parameterSets: [] };
  return { video, audio: { config, sampleRate, channels: 1 } };
}

/** What a client makes of the offer and of one unit of sound. */
function receive(description: RtspDescription, sound: Buffer) {
  const sdp = buildSdp({
    name: 'x',
    address: '127.0.0.1',
    sessionId: 1,
    media: buildMediaOffers(description),
  });
  const media = parseSdp(sdp).media.find(({ kind }) => kind === 'audio')!;
  const unit: RtspUnit = {
    ...{
      track: 'audio',
      parts: [sound],
      rtpTime: 960,
      epochMs: 0,
      startsGop: false,
      byteLength: sound.length,
    },
  };
  const packets = new RtspTrack('audio', description).packetize(unit).map((bytes) => parseRtp(bytes)!);
  return { media, packets };
}

test('sound in AAC is offered and sent so that it is read back', () => {
  const { media, packets } = receive(describeWith(AAC, 16_000), Buffer.from('aac frame'));
  const format = parseAacFormat(media)!;
  const units: string[] = [];
  const depacketizer = new AacDepacketizer(format, ({ data }) => units.push(data.toString()));
  for (const packet of packets) depacketizer.push(packet, 0);
  expect(units).toEqual(['aac frame']);
  expect(format.audioSpecificConfig).toEqual(AAC.audioSpecificConfig);
});

test('sound in Opus is offered with two channels, as it must be, and sent as it is', () => {
  const packet = Buffer.from([0xfc, 1, 2, 3]);
  const { media, packets } = receive(describeWith(OPUS, 48_000), packet);
  expect(media).toMatchObject({ encoding: 'OPUS', clockRate: 48_000, channels: 2 });
  expect(media.format.get('sprop-stereo')).toBe('0');
  const units: Array<[Buffer, number]> = [];
  const depacketizer = new OpusDepacketizer(({ data, samples }) => units.push([data, samples]));
  for (const one of packets) depacketizer.push(one);
  expect(units).toEqual([[packet, 960]]);
});
