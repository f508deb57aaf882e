/** What a finished app must hold, and what it must not, for each system and processor. Pure: judges a list of paths. */

export interface Target {
  platform: string;
  arch: string;
}

/** Systems and processors that installers are made for. */
export const TARGETS: readonly Target[] = [
  { platform: 'win32', arch: 'x64' },
  { platform: 'darwin', arch: 'x64' },
  { platform: 'darwin', arch: 'arm64' },
  { platform: 'linux', arch: 'x64' },
];

const UNPACKED = 'app.asar.unpacked';
/** The engine and what it reads. */
const ENGINE = [
  'package.json',
  'out/main/serve.js',
  'out/main/vision-worker.js',
  'out/main/footage-worker.js',
  'out/main/model-trial.js',
  'out/renderer/index.html',
  'out/evidence/page.html',
  'models/threshold_small.json',
  'models/threshold_small.onnx',
  'resources/icons/icon.png',
  'resources/demo/entrance/scene.mp4',
  'node_modules/fastify/package.json',
  'node_modules/zod/package.json',
  'node_modules/electron-updater/package.json',
  'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'node_modules/dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf',
];
/** Nothing that only builds or tests the app, and nothing of the people who build it. */
const FORBIDDEN = [
  /\/node_modules\/(electron|electron-vite|vite|vitest|typescript|playwright|playwright-core|three|react|@biomejs)\//,
  /\.unpacked\/(models\/training|src|tests|docs|scripts|packaging|data|\.[^/]+)\//,
  /\.unpacked\/\.[^/]+$/,
];

type NativePart = 'database' | 'pictures' | 'detector' | 'ffmpeg';

/** Paths below `node_modules` of a target's native programs and libraries. ONNX Runtime has none for Macs with Intel processors. */
export function nativeFiles({ platform, arch }: Target): Record<NativePart, Array<string | RegExp>> {
  const target = `${platform}-${arch}`;
  return {
    database: [`better-sqlite3/prebuilds/${target}.node`],
    pictures: [new RegExp(`^@img/sharp-${target}/lib/sharp-${target}.*\\.node$`)],
    detector:
      target === 'darwin-x64'
        ? []
        : [
            new RegExp(`^onnxruntime-node/bin/napi-v\\d+/${platform}/${arch}/onnxruntime_binding\\.node$`),
            library(platform, arch),
          ],
    ffmpeg: [`ffmpeg-static/${platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'}`],
  };
}

/** Whether a path below `node_modules` is native code of another target than the given one. */
export function isForeign(path: string, { platform, arch }: Target): boolean {
  const onnx = /^onnxruntime-node\/bin\/napi-v\d+\/([^/]+)\/([^/]+)\//.exec(path);
  if (onnx) return onnx[1] !== platform || onnx[2] !== arch;
  const sqlite = /^better-sqlite3\/prebuilds\/(.+)\.node$/.exec(path);
  if (sqlite) return sqlite[1] !== `${platform}-${arch}`;
  const sharp = /^@img\/sharp-(?:libvips-)?((?:win32|darwin|linux)[^/]*)\//.exec(path);
  return sharp !== null && sharp[1] !== `${platform}-${arch}`;
}

/** What is wrong with an app, in words; `paths`: files below its resources folder, with `/`. Nothing when all is well. */
export function judgeLayout(paths: readonly string[], target: Target): string[] {
  const present = new Set(paths);
  const modules = paths.flatMap((path) => path.split(`${UNPACKED}/node_modules/`)[1] ?? []);
  const problems: string[] = [];
  if (!present.has('app.asar')) problems.push('app.asar is missing');
  for (const file of ENGINE) if (!present.has(`${UNPACKED}/${file}`)) problems.push(`${file} is missing`);
  for (const [part, files] of Object.entries(nativeFiles(target))) {
    for (const file of files)
      if (!modules.some((path) => fits(path, file)))
        problems.push(`native code is missing, ${part}: ${file}`);
  }
  for (const path of modules)
    if (isForeign(path, target)) problems.push(`native code of another system: ${path}`);
  for (const path of paths)
    if (FORBIDDEN.some((pattern) => pattern.test(path))) problems.push(`does not belong: ${path}`);
  for (const file of ['out/main/index.js', 'out/preload/index.cjs'])
    if (present.has(`${UNPACKED}/${file}`)) problems.push(`${file} is outside the archive that is checked`);
  return problems;
}

function library(platform: string, arch: string): RegExp {
  const names: Record<string, string> = {
    win32: 'onnxruntime\\.dll',
    darwin: 'libonnxruntime.*\\.dylib',
    linux: 'libonnxruntime\\.so.*',
  };
  return new RegExp(`^onnxruntime-node/bin/napi-v\\d+/${platform}/${arch}/${names[platform]}$`);
}

function fits(path: string, file: string | RegExp): boolean {
  return typeof file === 'string' ? path === file : file.test(path);
}
