/** Who is signed in on this page. */
import { create } from 'zustand';
import { includesRole, type Role } from '../../../shared/accounts.ts';
import type { SessionView } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { onSignedOut } from '../../client/http.ts';
import { networkApi } from '../../client/network-api.ts';
import { navigate, parsePlace } from '../../client/router.tsx';

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

/** Whether the account that is signed in may do what needs a role. */
export function may(needed: Role, view: SessionView | null = useSession.getState().view): boolean {
  return view?.role ? includesRole(view.role, needed) : false;
}

/** As `may`, and again when the role changes. */
export function useMay(needed: Role): boolean {
  return useSession(({ view }) => may(needed, view));
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
    const ticket = takeTicket();
    if (ticket === null) void get().refresh();
    else void networkApi.handOver(ticket).then(get().put, get().refresh);
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

/** The one-time ticket in the page's address, taken out of it: the recorder has moved, and its old page has led here. */
function takeTicket(): string | null {
  const { path, query } = parsePlace(location.hash);
  const ticket = query.get('ticket');
  if (ticket === null) return null;
  query.delete('ticket');
  navigate(`${path}?${query}`, { replace: true });
  return ticket;
}
