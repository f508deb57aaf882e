/** electron-updater, and the questions about updates. */
import { createRequire } from 'node:module';
import { app, dialog } from 'electron';
import { type Updater, Updates, type UpdatesDeps } from './updates.ts';

/** As much of electron-updater's `autoUpdater` as is used. */
interface AutoUpdater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
  on(event: 'download-progress', listener: (progress: { percent: number }) => void): void;
  removeAllListeners(event: 'download-progress'): void;
}

/** Null where there is nothing to update: an app that was started from its sources. Of Linux packages the AppImage and the .deb update themselves. */
export function createUpdates(deps: Omit<UpdatesDeps, 'updater' | 'ask' | 'say'>): Updates | null {
  if (!app.isPackaged) return null;
  return new Updates({ ...deps, updater: openUpdater(), ask, say });
}

function openUpdater(): Updater {
  // Loaded only here: it reads the installed app's own settings at once.
  const { autoUpdater } = createRequire(import.meta.url)('electron-updater') as { autoUpdater: AutoUpdater };
  autoUpdater.autoDownload = false;
  // Quitting to install would be a surprise to whoever only quits to restart.
  autoUpdater.autoInstallOnAppQuit = false;
  return {
    async check() {
      const found = await autoUpdater.checkForUpdates();
      return found?.isUpdateAvailable ? found.updateInfo.version : null;
    },
    async download(onProgress) {
      autoUpdater.on('download-progress', ({ percent }) => onProgress(percent / 100));
      try {
        await autoUpdater.downloadUpdate();
      } finally {
        autoUpdater.removeAllListeners('download-progress');
      }
    },
    installAndRestart: () => autoUpdater.quitAndInstall(false, true),
  };
}

async function ask({
  message,
  detail,
  yes,
}: {
  message: string;
  detail: string;
  yes: string;
}): Promise<boolean> {
  const buttons = [yes, 'Not now'];
  const { response } = await dialog.showMessageBox({
    ...{ type: 'question', message, detail, buttons },
    ...{ title: 'Threshold NVR', defaultId: 0, cancelId: 1 },
  });
  return response === 0;
}

function say(message: string, detail: string): void {
  void dialog.showMessageBox({ type: 'info', title: 'Threshold NVR', message, detail });
}
