/** Sound that ffmpeg turns into AAC: how it lies in RTP payloads (RFC 3551), and how ffmpeg is told of it. Pure. */
import { AAC_RATES } from '../media/mp4/init-segment.ts';
import type { SdpMedia } from '../media/rtsp/sdp.ts';
import type { SoundFormat } from './stream-assembler.ts';

export interface SoundInput {
  /** For the user. */
  name: string;
  /** What ffmpeg has to know of the bytes it gets. */
  args: readonly string[];
  /** Hz. */
  sampleRate: number;
  channels: number;
  /** The least that is whole: so many bytes hold so many samples of each channel. */
  block: { bytes: number; samples: number };
  /** A byte that sounds like nothing. */
  silence: number;
}

const TELEPHONE_RATE = 8000;
const MAX_CHANNELS = 2;
/** AAC-LC, in the upper five bits of an AudioSpecificConfig. */
const AAC_LC = 2;

/** One sample of one channel: bytes, ffmpeg's format, silence. */
const PLAIN: Record<string, { name: string; format: string; bytes: number; silence: number }> = {
  PCMA: { name: 'G.711 A-law', format: 'alaw', bytes: 1, silence: 0xd5 },
  PCMU: { name: 'G.711 µ-law', format: 'mulaw', bytes: 1, silence: 0xff },
  L16: { name: '16-bit PCM', format: 's16be', bytes: 2, silence: 0 },
  L8: { name: '8-bit PCM', format: 'u8', bytes: 1, silence: 0x80 },
};

/** Null for sound of another kind, and for what neither ffmpeg nor AAC knows. */
export function readSoundInput(media: SdpMedia): SoundInput | null {
  const input = readPlain(media) ?? readG726(media) ?? readG722(media);
  return input && AAC_RATES.includes(input.sampleRate) && input.channels <= MAX_CHANNELS ? input : null;
}

/** What the encoder makes of it. */
export function encodedFormat({ sampleRate, channels }: SoundInput, clockRate: number): SoundFormat {
  const bits = (AAC_LC << 11) | (AAC_RATES.indexOf(sampleRate) << 7) | (channels << 3);
  return {
    config: { codec: 'aac', audioSpecificConfig: Buffer.from([bits >> 8, bits & 0xff]) },
    ...{ sampleRate, clockRate },
  };
}

function readPlain({ encoding, clockRate, channels }: SdpMedia): SoundInput | null {
  const plain = PLAIN[encoding];
  if (!plain) return null;
  const { name, format, bytes, silence } = plain;
  return {
    ...{ name, silence, channels, sampleRate: clockRate },
    args: ['-f', format, '-ar', String(clockRate), '-ac', String(channels)],
    block: { bytes: bytes * channels, samples: 1 },
  };
}

/** G726-32 and the like begin with the lowest bits of a byte, AAL2-G726-32 with the highest. */
function readG726({ encoding, clockRate, channels }: SdpMedia): SoundInput | null {
  const match = /^(AAL2-)?G726-(16|24|32|40)$/.exec(encoding);
  if (!match || clockRate !== TELEPHONE_RATE || channels !== 1) return null;
  const bits = Number(match[2]) / 8;
  return {
    ...{ name: 'G.726', channels, sampleRate: TELEPHONE_RATE },
    args: ['-f', match[1] ? 'g726' : 'g726le', '-code_size', String(bits)],
    block: { bytes: bits % 2 === 0 ? 1 : bits, samples: bits % 2 === 0 ? 8 / bits : 8 },
    silence: 0xff,
  };
}

/** Its clock counts half of its samples, by an error of the first RFC that stayed; a device that names 16000 counts all. */
function readG722({ encoding, clockRate, channels }: SdpMedia): SoundInput | null {
  const isKnown = clockRate === TELEPHONE_RATE || clockRate === 2 * TELEPHONE_RATE;
  if (encoding !== 'G722' || channels !== 1 || !isKnown) return null;
  return {
    ...{ name: 'G.722', args: ['-f', 'g722'], channels, sampleRate: 2 * TELEPHONE_RATE },
    ...{ block: { bytes: 1, samples: 2 }, silence: 0xfa },
  };
}
