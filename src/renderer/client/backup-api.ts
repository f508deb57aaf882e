/** The engine's routes for backups, as `shared/backup.ts` lists them. */
import { RestoreStateSchema } from '../../shared/backup.ts';
import { request, requestBytes } from './http.ts';

export const backupApi = {
  backUp: (body: { password: string; passphrase: string }) =>
    requestBytes('/backup', { method: 'POST', body }),
  restoreState: (signal?: AbortSignal) => request(RestoreStateSchema, '/backup/restore', { signal }),
  prepareRestore: async ({ file, ...rest }: { password: string; passphrase: string; file: File }) =>
    request(RestoreStateSchema, '/backup/restore', {
      method: 'POST',
      body: { ...rest, file: base64Of(new Uint8Array(await file.arrayBuffer())) },
    }),
  forgetRestore: () => request(RestoreStateSchema, '/backup/restore', { method: 'DELETE' }),
};

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
