/** The export queue, fetched once and kept fresh by the engine's messages. */
import { create } from 'zustand';
import type { ExportJob } from '../../../shared/contract-exports.ts';
import { exportsApi } from '../../client/exports-api.ts';

interface ExportsState {
  /** null until first fetched; newest first. */
  jobs: ExportJob[] | null;
  problem: string | null;
  /** When each running job was first seen at which progress: the basis of the time that is left. */
  seen: ReadonlyMap<string, { atMs: number; progress: number }>;
  refresh(): Promise<void>;
  put(job: ExportJob): void;
  remove(id: string): Promise<void>;
}

/** Of the questions under way: what the engine has told since they were asked. */
const listening = new Set<Map<string, ExportJob>>();

export const useExports = create<ExportsState>((set, get) => ({
  jobs: null,
  problem: null,
  seen: new Map(),
  async refresh() {
    const told = new Map<string, ExportJob>();
    listening.add(told);
    try {
      const asked = await exportsApi.exports();
      // What the engine told meanwhile is newer than what it answered.
      const jobs = [...asked.filter(({ id }) => !told.has(id)), ...told.values()];
      set({ jobs: sorted(jobs), problem: null });
    } catch (thrown) {
      set({ problem: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      listening.delete(told);
    }
  },
  put(job) {
    for (const told of listening) told.set(job.id, job);
    const { jobs, seen } = get();
    const others = (jobs ?? []).filter((one) => one.id !== job.id);
    const next = new Map(seen);
    if (job.state === 'running' && !next.has(job.id))
      next.set(job.id, { atMs: Date.now(), progress: job.progress });
    if (job.state !== 'running') next.delete(job.id);
    set({ jobs: sorted([...others, job]), seen: next });
  },
  async remove(id) {
    const job = get().jobs?.find((one) => one.id === id);
    await exportsApi.deleteExport(id);
    // A cancelled job stays in the list, as the engine says; a finished one is gone.
    const waiting = job?.state === 'queued' || job?.state === 'running' || job?.state === 'paused';
    if (waiting) await get().refresh();
    else set(({ jobs }) => ({ jobs: jobs?.filter((one) => one.id !== id) ?? null }));
  },
}));

/** Milliseconds until a job is done at the pace so far; null while that is a guess. */
export function remainingMs(
  job: Pick<ExportJob, 'progress'>,
  first: { atMs: number; progress: number } | undefined,
  nowMs: number,
): number | null {
  if (!first) return null;
  const gained = job.progress - first.progress;
  const tookMs = nowMs - first.atMs;
  if (gained < 0.02 || tookMs < 1500) return null;
  return (tookMs / gained) * (1 - job.progress);
}

function sorted(jobs: readonly ExportJob[]): ExportJob[] {
  return [...jobs].sort((a, b) => b.createdEpochMs - a.createdEpochMs);
}
