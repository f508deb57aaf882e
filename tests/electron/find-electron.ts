/** The Electron binary of this checkout, or the packaged app named by THRESHOLD_APP. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../fixtures/engine.ts';

export interface ElectronProgram {
  path: string;
  /** What it is started with: the checkout, unless it is the packaged app. */
  args: string[];
}

/** Null where there is none and none can be downloaded. */
export function findElectron(): ElectronProgram | null {
  const packaged = process.env.THRESHOLD_APP;
  if (packaged) return { path: packaged, args: [] };
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ROOT, 'node_modules/electron/dist');
  const named = join(ROOT, 'node_modules/electron/path.txt');
  const plainName = process.platform === 'win32' ? 'electron.exe' : 'electron';
  const path = join(folder, existsSync(named) ? readFileSync(named, 'utf8') : plainName);
  return existsSync(path) ? { path, args: [ROOT] } : null;
}
