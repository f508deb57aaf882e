/** ffmpeg's arguments for demo cameras: a rendered loop, or a generated picture where there is none, with a clock burnt in. Pure. */

export interface FfmpegFeatures {
  drawtext: boolean;
  /** null: this build cannot encode H.264. */
  encoder: 'libx264' | 'libopenh264' | null;
}

/** From the output of `ffmpeg -filters` and `ffmpeg -encoders`. */
export function parseFfmpegFeatures(filters: string, encoders: string): FfmpegFeatures {
  const encoder = (['libx264', 'libopenh264'] as const).find((name) =>
    new RegExp(`\\s${name}\\s`).test(encoders),
  );
  return { drawtext: /\sdrawtext\s/.test(filters), encoder: encoder ?? null };
}

export const DEMO_SIZES = {
  main: { width: 960, height: 540 },
  sub: { width: 640, height: 360 },
} as const;
export type DemoStreamKind = keyof typeof DEMO_SIZES;

const FRAMES_PER_SECOND = 12;
const GOP_FRAMES = 2 * FRAMES_PER_SECOND;
/** ffmpeg is started in the folder of this font, so that no path needs a filter's escaping. */
const FONT_FILE = 'DejaVuSansMono-Bold.ttf';
const OUTPUT = [
  ...['-an', '-f', 'mp4', '-movflags', '+frag_every_frame+empty_moov+default_base_moof'],
  ...['-flush_packets', '1', 'pipe:1'],
];

/**
 * A loop from `startSeconds` on, in real time. The start is cut by a filter, because ffmpeg's `-ss` with `-stream_loop` gives the
 * later rounds wrong times. Where this build cannot encode, the loop is sent as it is: from its start, without a clock.
 */
export function buildSceneArguments(
  videoFile: string,
  startSeconds: number,
  kind: DemoStreamKind,
  features: FfmpegFeatures,
): string[] {
  const quiet = ['-hide_banner', '-nostdin', '-v', 'error'];
  const loop = ['-stream_loop', '-1', '-i', videoFile, '-map', '0:v:0'];
  if (!features.encoder) return [...quiet, '-re', ...loop, '-c', 'copy', ...OUTPUT];
  const { width, height } = DEMO_SIZES[kind];
  // The long limit lets the filter make up for any time it fell behind, so that loop and wall clock stay together.
  const filters = [
    `trim=start=${startSeconds.toFixed(3)},setpts=PTS-STARTPTS,realtime=limit=3600`,
    ...[`scale=${width}:${height}`, ...clockFilter(kind, features), 'format=yuv420p'],
  ];
  const encoding = buildEncoding(kind, features.encoder);
  return [...quiet, '-threads', '1', ...loop, '-vf', filters.join(','), ...encoding, ...OUTPUT];
}

/** Two figures of the name's own colours that walk over a plain floor. */
export function buildGeneratedArguments(
  name: string,
  kind: DemoStreamKind,
  features: FfmpegFeatures & { encoder: string },
): string[] {
  const { width, height } = DEMO_SIZES.main;
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const floor = [
    `color=c=${colour(seed, 0x60, 0x90)}:s=${width}x${height}:r=${FRAMES_PER_SECOND}`,
    `drawbox=y=ih*0.45:h=ih:c=${colour(seed + 5, 0x40, 0x60)}:t=fill`,
    'drawbox=x=iw*0.42:y=ih*0.12:w=iw*0.16:h=ih*0.33:c=0x2c3e50:t=fill[floor]',
  ].join(',');
  const speed = 60 + (seed % 5) * 12;
  const size = DEMO_SIZES[kind];
  const last = [`scale=${size.width}:${size.height}`, ...clockFilter(kind, features), 'format=yuv420p'];
  const graph = [
    floor,
    `${figure(seed + 1)}[one]`,
    `${figure(seed + 2)}[two]`,
    `[floor][one]overlay=x='mod(t*${speed},${width + 160})-80':y='250+6*abs(sin(t*6))'[a]`,
    `[a][two]overlay=x='${width}-mod(t*${speed + 17},${width + 160})':y='300+6*abs(sin(t*5))',${last.join(',')}`,
  ];
  return [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', graph.join(';')],
    ...buildEncoding(kind, features.encoder),
    ...OUTPUT,
  ];
}

/** In yuva420p: ffmpeg 5.1's drawbox crashes on rgba. */
function figure(seed: number): string {
  const skin = ['0xe0b090', '0xb07850', '0x704830'][seed % 3];
  const boxes = [
    `drawbox=x=22:y=0:w=20:h=26:c=${skin}:t=fill:replace=1`,
    `drawbox=x=10:y=28:w=44:h=70:c=${colour(seed * 7, 0x30, 0xc0)}:t=fill:replace=1`,
    `drawbox=x=14:y=98:w=15:h=72:c=${colour(seed * 3, 0x20, 0x60)}:t=fill:replace=1`,
    `drawbox=x=35:y=98:w=15:h=72:c=${colour(seed * 3, 0x20, 0x60)}:t=fill:replace=1`,
  ];
  return `color=c=black@0:s=64x172:r=${FRAMES_PER_SECOND},format=yuva420p,${boxes.join(',')}`;
}

function colour(seed: number, from: number, to: number): string {
  const channel = (factor: number) => (from + ((seed * factor) % (to - from))).toString(16).padStart(2, '0');
  return `0x${channel(37)}${channel(59)}${channel(83)}`;
}

function clockFilter(kind: DemoStreamKind, features: FfmpegFeatures): string[] {
  if (!features.drawtext) return [];
  const size = Math.round(DEMO_SIZES[kind].height / 24);
  const box = 'box=1:boxcolor=black@0.35:boxborderw=4';
  return [
    `drawtext=fontfile=${FONT_FILE}:text='%{localtime\\:%F %T}':x=12:y=10:fontsize=${size}:fontcolor=white:${box}`,
  ];
}

function buildEncoding(kind: DemoStreamKind, encoder: string): string[] {
  const common = ['-r', String(FRAMES_PER_SECOND), '-g', String(GOP_FRAMES), '-threads', '1'];
  const rate = kind === 'main' ? '1500k' : '700k';
  if (encoder !== 'libx264') return ['-c:v', encoder, '-b:v', rate, ...common];
  return [
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'main'],
    ...[
      '-crf',
      '25',
      '-maxrate',
      rate,
      '-bufsize',
      rate,
      '-sc_threshold',
      '0',
      '-keyint_min',
      String(GOP_FRAMES),
    ],
    ...common,
  ];
}
