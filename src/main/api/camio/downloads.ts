/** Downloads of Camios: all their pictures and videos in a ZIP file, one at a time, over restarts. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../../../shared/errors.ts';
import { ZipWriter } from '../../media/zip.ts';
import type { Share, ShareDownload } from '../../store/camio-shares.ts';
import { type Item, itemsOfEvent, openItem } from './items.ts';
import type { CamioDeps } from './ports.ts';
import { narrow } from './shares.ts';

export class ShareDownloads {
  private readonly deps: CamioDeps;
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(deps: CamioDeps) {
    this.deps = deps;
  }

  /** Begins what waits, or what the end of the program broke off. */
  wake(): void {
    if (this.stopped) return;
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.working;
  }

  /** The finished file. Throws AppError: not-found, or conflict while it is being made. */
  file(viewToken: string, id: string): { path: string; fileName: string } {
    const { shares } = this.deps;
    const share = shares.byToken(viewToken);
    const download = shares.downloads().find((entry) => entry.id === id && entry.shareId === share?.id);
    if (!download) throw new AppError('not-found', 'There is no such download.');
    if (download.state !== 'done' || download.fileName === null)
      throw new AppError('conflict', download.problem ?? 'This download is not finished yet.');
    return { path: join(this.folder, download.fileName), fileName: download.fileName };
  }

  private get folder(): string {
    return join(this.deps.dataDir, 'exports');
  }

  private async work(): Promise<void> {
    for (;;) {
      const next = this.deps.shares
        .downloads()
        .find(({ state }) => state === 'queued' || state === 'running');
      if (!next || this.stopped) break;
      await this.run(next);
    }
  }

  private async run(download: ShareDownload): Promise<void> {
    const { shares, clock, log } = this.deps;
    const settle = (outcome: Pick<ShareDownload, 'state' | 'problem' | 'fileName' | 'sizeBytes'>) =>
      shares.settleDownload(download.id, outcome, clock.epochMs());
    const share = shares.byId(download.shareId);
    const fileName = `Camio ${download.id}.zip`;
    settle({ state: 'running', problem: null, fileName: null, sizeBytes: null });
    try {
      if (!share) throw new AppError('not-found', 'This Camio is no more.');
      const sizeBytes = await this.write(share, join(this.folder, fileName));
      settle({ state: 'done', problem: null, fileName, sizeBytes });
    } catch (error) {
      if (this.stopped) return; // begun anew by the next start
      log.warn({ downloadId: download.id, problem: messageOf(error) }, 'a download of a Camio failed');
      const problem = error instanceof AppError ? error.message : 'The file could not be written.';
      settle({ state: 'failed', problem, fileName: null, sizeBytes: null });
    }
  }

  private async write(share: Share, path: string): Promise<number> {
    const { deps } = this;
    await mkdir(this.folder, { recursive: true });
    await deps.eventIndex.ready();
    const file = await open(`${path}.partial`, 'w', 0o600);
    try {
      const zip = new ZipWriter(file);
      const query = narrow(deps, { labels: [], minInterest: 0, order: 'asc' }, share.query);
      for (const { sequence } of query ? [...deps.eventIndex.find(query)] : []) {
        const [event] = deps.eventStore.bySequences([sequence]);
        if (!event) continue;
        for (const type of ['image/jpeg', 'video/mp4'] as const)
          for (const item of itemsOfEvent(deps, event, type)) await this.add(zip, event.cameraName, item);
      }
      const size = await zip.finish();
      await file.datasync();
      await file.close();
      await rename(`${path}.partial`, path);
      return size;
    } catch (error) {
      await file.close().catch(() => {}); // closed before, or the error that counts is under way
      await rm(`${path}.partial`, { force: true });
      throw error;
    }
  }

  private async add(zip: ZipWriter, cameraName: string, item: Item): Promise<void> {
    if (this.stopped) throw new Error('stopped');
    // What retention has taken meanwhile is left out.
    const opened = await openItem(this.deps, item).catch(() => null);
    if (!opened || opened.size === 0) return;
    const bytes = opened.read(0, opened.size - 1);
    const stamp = new Date(item.atEpochMs).toISOString().replaceAll(':', '.');
    const folder =
      cameraName.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '_').replaceAll(/^[. ]+|[. ]+$/g, '') || 'camera';
    const ending = item.contentType === 'image/jpeg' ? 'jpg' : 'mp4';
    await zip.add(
      `${folder}/${stamp} ${item.id.slice(-8)}.${ending}`,
      item.atEpochMs,
      Buffer.isBuffer(bytes) ? [bytes] : bytes,
    );
  }
}
