/**
 * electron-builder's configuration: one installer per system and processor, built on a machine of that kind, because sharp and
 * ffmpeg-static install for the machine that they are on. Needs a build (`out/`) and ffmpeg-static's program.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FUSES } from './fuses.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** `owner/name`, set in GitHub's workflows; elsewhere nothing is published. */
const [owner, repo] = (process.env.GITHUB_REPOSITORY ?? '').split('/');
/** Without a certificate a Mac app is signed for the machine that it runs on, which Apple silicon insists upon. */
const hasMacCertificate = Boolean(process.env.CSC_LINK);

/** What goes into the app besides its production packages; later patterns stand above earlier ones. */
export const FILES = [
  'package.json',
  'out/{main,preload,renderer,evidence}/**',
  'models/*.{json,onnx}',
  'resources/demo/**',
  'resources/icons/icon.png',
  // Each of these carries the libraries of all systems.
  '!node_modules/onnxruntime-node/bin/napi-v*/!(${platform})/**',
  '!node_modules/onnxruntime-node/bin/napi-v*/${platform}/!(${arch})/**',
  '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node',
  '!node_modules/better-sqlite3/{deps,src}/**',
  '!node_modules/dejavu-fonts-ttf/ttf/!(DejaVuSans|DejaVuSansMono-Bold).ttf',
  '!node_modules/zod/src/**',
  '!**/*.map',
];

export default {
  appId: 'nvr.threshold.desktop',
  productName: 'Threshold NVR',
  artifactName: 'threshold-nvr-${version}-${os}-${arch}.${ext}',
  directories: { output: resolve(ROOT, 'dist'), buildResources: resolve(ROOT, 'resources/icons') },
  files: FILES,
  asar: true,
  // The shell stays in the archive, whose integrity Electron checks. The engine is files of their own: ffmpeg, the model's runtime
  // and the database's library cannot read from an archive.
  asarUnpack: ['**/*', '!out/main/index.js', '!out/preload/**'],
  // better-sqlite3 and onnxruntime-node are Node-API with their binaries inside.
  npmRebuild: false,
  electronFuses: FUSES,
  // A stand-in for Electron's own files, for checking the layout where Electron cannot be had.
  ...(process.env.THRESHOLD_ELECTRON_DIST && { electronDist: process.env.THRESHOLD_ELECTRON_DIST }),
  extraMetadata: {
    author: { name: 'Threshold NVR', email: 'maintainers@threshold-nvr.invalid' },
    homepage: owner ? `https://github.com/${owner}/${repo}` : 'https://threshold-nvr.invalid',
  },
  protocols: [{ name: 'Threshold NVR', schemes: ['threshold-nvr'] }],
  publish: owner ? { provider: 'github', owner, repo, releaseType: 'draft' } : null,
  win: { target: ['nsis'], icon: 'icon.ico' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // Footage and settings are the user's.
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: ['dmg', 'zip'],
    icon: 'icon.icns',
    category: 'public.app-category.utilities',
    hardenedRuntime: hasMacCertificate,
    ...(hasMacCertificate ? {} : { identity: '-' }),
    notarize: Boolean(process.env.APPLE_ID),
    extendInfo: {
      NSLocalNetworkUsageDescription: 'Threshold NVR records the cameras in your network.',
    },
  },
  linux: {
    executableName: 'threshold-nvr',
    target: ['AppImage', 'deb'],
    icon: 'icon.png',
    category: 'AudioVideo',
    synopsis: 'Network video recorder',
    maintainer: 'Threshold NVR <maintainers@threshold-nvr.invalid>',
  },
  deb: { packageName: 'threshold-nvr', recommends: ['gnome-keyring | kwalletmanager'] },
};
