/** The rehearsal on the camera's page: what it is tried on, how far it is, what it found with the rules as they are drawn now. */
import { create } from 'zustand';
import type { Rehearsal, RehearsalInput } from '../../../../shared/rehearsal.ts';
import { rehearsalApi } from '../../../client/rehearsal-api.ts';
import type { Draft } from '../draft-store.ts';

type Rules = RehearsalInput['rules'];

interface RehearsalState {
  rehearsal: Rehearsal | null;
  /** What is rehearsed on is a video: its times begin at 0. */
  video: string | null;
  /** A request is under way that the user waits for. */
  busy: boolean;
  problem: string | null;
  startRecorded(
    cameraId: string,
    range: { fromEpochMs: number; toEpochMs: number },
    draft: Draft,
  ): Promise<void>;
  startVideo(cameraId: string, file: File, draft: Draft): Promise<void>;
  /** The rules were changed: they are tried on what was analysed already. */
  follow(draft: Draft): Promise<void>;
  close(): void;
}

const POLL_MS = 700;
let timer = 0;
/** Of the newest request; answers to older ones are let go. */
let turn = 0;

export const useRehearsal = create<RehearsalState>((set, get) => {
  function take(rehearsal: Rehearsal): void {
    set({ rehearsal, problem: rehearsal.state === 'failed' ? rehearsal.problem : null });
    window.clearTimeout(timer);
    if (rehearsal.state === 'running') timer = window.setTimeout(() => void poll(rehearsal.id), POLL_MS);
  }

  async function poll(id: string): Promise<void> {
    const mine = turn;
    try {
      const rehearsal = await rehearsalApi.get(id);
      if (mine === turn) take(rehearsal);
    } catch (thrown) {
      if (mine === turn) set({ problem: wordsOf(thrown) });
    }
  }

  async function ask(action: () => Promise<Rehearsal>): Promise<void> {
    const mine = ++turn;
    window.clearTimeout(timer);
    set({ busy: true, problem: null });
    try {
      const rehearsal = await action();
      if (mine === turn) take(rehearsal);
      else void rehearsalApi.remove(rehearsal.id).catch(() => {}); // nobody waits for it any more
    } catch (thrown) {
      if (mine === turn) set({ problem: wordsOf(thrown) });
    } finally {
      if (mine === turn) set({ busy: false });
    }
  }

  function letGo(): void {
    const { rehearsal } = get();
    if (rehearsal) void rehearsalApi.remove(rehearsal.id).catch(() => {}); // gone already
  }

  return {
    rehearsal: null,
    video: null,
    busy: false,
    problem: null,
    startRecorded(cameraId, range, draft) {
      letGo();
      set({ rehearsal: null, video: null });
      return ask(() => rehearsalApi.create(cameraId, { rules: rulesOf(draft), footage: range }));
    },
    startVideo(cameraId, file, draft) {
      letGo();
      set({ rehearsal: null, video: file.name });
      return ask(async () => {
        const { videoId } = await rehearsalApi.sendVideo(file);
        return rehearsalApi.create(cameraId, { rules: rulesOf(draft), footage: { videoId } });
      });
    },
    async follow(draft) {
      const { rehearsal } = get();
      if (!rehearsal || rehearsal.state === 'failed') return;
      await ask(() => rehearsalApi.tryRules(rehearsal.id, rulesOf(draft)));
    },
    close() {
      turn++;
      window.clearTimeout(timer);
      letGo();
      set({ rehearsal: null, video: null, busy: false, problem: null });
    },
  };
});

function rulesOf({ zones, lines, analysis, readers }: Draft): Rules {
  return { zones, lines, analysis, readers };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
