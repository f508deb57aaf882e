/** Who is signed in on this page. */
import { create } from 'zustand';
import type { SessionView } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { onSignedOut } from '../../client/http.ts';

const RETRY_MS = 3000;

interface SessionState {
  /** null until the engine has answered. */
  view: SessionView | null;
  error: string | null;
  put(view: SessionView): void;
  refresh(): Promise<void>;
  signOut(): Promise<void>;
  /** Asks the engine now, again while it cannot be reached, and whenever a request is refused. Returns how to stop. */
  watch(): () => void;
}

export const useSession = create<SessionState>((set, get) => ({
  view: null,
  error: null,
  put: (view) => set({ view, error: null }),
  async refresh() {
    try {
      set({ view: await api.session(), error: null });
    } catch (thrown) {
      set({ error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  },
  async signOut() {
    await api.signOut();
    await get().refresh();
  },
  watch() {
    void get().refresh();
    const timer = setInterval(() => {
      if (get().view === null) void get().refresh();
    }, RETRY_MS);
    const stop = onSignedOut(() => {
      const { view } = get();
      if (view?.state === 'signed-in') set({ view: { ...view, state: 'signed-out' } });
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  },
}));
