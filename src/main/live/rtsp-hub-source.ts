/** A live hub as a source of our RTSP server: fragments back to access units. This is the relay of a camera, and the demo cameras. */
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { parseOwnFragment } from '../media/mp4/fragment-parser.ts';
import { parseStreamTracks } from '../media/mp4/init-parser.ts';
import { splitNalus } from '../media/mp4/splitter.ts';
import type { FanoutReader } from './fanout.ts';
import type { LiveHub, LiveOutput } from './hub.ts';
import { type RtspDescription, type RtspOutput, type RtspUnit, VIDEO_CLOCK_RATE } from './rtsp-source.ts';

/** Our muxer writes NAL units with lengths of four bytes. */
const NALU_LENGTH_BYTES = 4;

/** All clients of a stream send the same units: each fragment is taken apart once. */
const units = new WeakMap<Fragment, RtspUnit>();

export function attachRtspOutput(hub: LiveHub, output: RtspOutput): FanoutReader {
  let description: RtspDescription | null = null;
  let timescale = VIDEO_CLOCK_RATE;
  const live: LiveOutput = {
    get bufferedBytes() {
      return output.bufferedBytes;
    },
    start(stream) {
      timescale = stream.video.timescale;
      description = parseRtspDescription(stream);
      output.start(description);
    },
    item({ fragment }, sent) {
      if (!description) return sent();
      let unit = units.get(fragment);
      if (!unit) {
        unit = parseUnit(fragment, description, timescale);
        units.set(fragment, unit);
      }
      output.item(unit, sent);
    },
    end: () => output.end(),
  };
  return hub.attach(live);
}

export function parseRtspDescription(stream: StreamDescription): RtspDescription {
  const { video, audio } = parseStreamTracks(stream.initSegment);
  return {
    video: { codec: video.codec, parameterSets: video.parameterSets },
    audio:
      audio && stream.audio
        ? {
            config: audio.config,
            sampleRate: stream.audio.sampleRate,
            channels: stream.audio.channels,
          }
        : null,
  };
}

/** Sound keeps its own timescale, which our muxer sets to the sample rate or a multiple of it. */
function parseUnit(fragment: Fragment, description: RtspDescription, videoTimescale: number): RtspUnit {
  const { samples } = parseOwnFragment(fragment.data);
  const parts = samples.flatMap(({ offset, size }) => {
    const sample = fragment.data.subarray(offset, offset + size);
    return fragment.track === 'video' ? splitNalus(sample, NALU_LENGTH_BYTES) : [sample];
  });
  const isVideo = fragment.track === 'video';
  const startsGop = isVideo && fragment.keyframe;
  const presentation = fragment.decodeTime + (samples[0]?.compositionOffset ?? 0);
  return {
    track: fragment.track,
    // Somebody who joins by RTP alone, or changes decoder, finds the parameter sets in the stream.
    parts: startsGop ? [...description.video.parameterSets, ...parts] : parts,
    rtpTime: isVideo ? (presentation * VIDEO_CLOCK_RATE) / videoTimescale : presentation,
    epochMs: fragment.captureEpochMs,
    byteLength: fragment.data.length,
    startsGop,
  };
}
