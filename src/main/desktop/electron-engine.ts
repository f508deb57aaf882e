/** The engine as a utility process of Electron, its words kept in a log file, and the system's key store for its key. */
import { type App, dialog, type SafeStorage, utilityProcess } from 'electron';
import type { EngineMessage } from '../../shared/desktop.ts';
import type { EngineProcess } from './engine-host.ts';
import { type KeyStore, setLostKeyAside, takeKey } from './key-keeper.ts';
import type { LogFile } from './log-file.ts';

/** `entry`: the engine's script, as a file of its own and not within an archive. */
export function spawnEngine(entry: string, dataDir: string, port: number, log: LogFile): EngineProcess {
  const child = utilityProcess.fork(entry, ['--data', dataDir, '--window-port', String(port)], {
    serviceName: 'Threshold NVR engine',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
  return {
    postMessage: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message: EngineMessage) => listener(message)),
    onExit: (listener) => child.on('exit', (code) => listener(code)),
    kill: () => child.kill(),
  };
}

/** On Linux without a key ring, Electron encrypts with a password that everybody knows: that is no key store. */
export function systemKeyStore(storage: SafeStorage): KeyStore {
  return {
    isAvailable: async () =>
      (await storage.isAsyncEncryptionAvailable()) &&
      (process.platform !== 'linux' || storage.getSelectedStorageBackend() !== 'basic_text'),
    encrypt: (text) => storage.encryptStringAsync(text),
    decrypt: async (sealed) => (await storage.decryptStringAsync(sealed)).result,
  };
}

/**
 * The key of a data folder for the engine, null where that reads its key file. Where the key store does not give it back, the user
 * is asked: to try again, to go on without the stored passwords, or to quit (then it never resolves).
 */
export async function askForKey(app: App, dataDir: string, store: KeyStore): Promise<string | null> {
  for (;;) {
    const taken = await takeKey(dataDir, store);
    if (taken.kind === 'key') return taken.key;
    if (taken.kind === 'key-file') return null;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: 'Threshold NVR',
      message: 'The stored camera passwords cannot be read.',
      detail:
        'Their key is in the key store of this computer, which does not give it out: it may be locked, or the data folder may come ' +
        'from another computer or user.\n\nUnlock the key store and try again, or go on without the passwords: footage, events and ' +
        'settings stay, the addresses of the cameras have to be entered anew, and integration keys made anew.',
      buttons: ['Try again', 'Go on without passwords', 'Quit'],
      defaultId: 0,
      cancelId: 2,
    });
    if (response === 1) setLostKeyAside(dataDir, Date.now());
    if (response === 2) {
      app.quit();
      return new Promise(() => {});
    }
  }
}
