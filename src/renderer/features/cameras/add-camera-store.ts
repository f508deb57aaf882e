/** The camera that is being added: how its address is given, what the check found, and its name. */
import { t } from '@lingui/core/macro';
import { create } from 'zustand';
import { SourceUrlSchema } from '../../../shared/domain-camera.ts';
import type { SourceCheck } from '../../../shared/onboarding.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { onboardingApi } from '../../client/onboarding-api.ts';
import { buildSourceUrls, type SourceParts, suggestName } from './source-templates.ts';

export const DEMOS = [
  { id: 'entrance', label: t`Entrance` },
  { id: 'carpark', label: t`Car park` },
  { id: 'corridor', label: t`Corridor` },
] as const;

export type Way = 'maker' | 'url' | 'demo';

interface AddCameraState {
  way: Way;
  parts: SourceParts;
  url: string;
  subUrl: string;
  useSub: boolean;
  demo: string;
  transport: 'tcp' | 'udp';
  /** null until typed: then it follows the address. */
  name: string | null;
  look:
    | { state: 'idle' }
    | { state: 'running' }
    /** Of the addresses at that time, as `keyOf` writes them. */
    | { state: 'done'; check: SourceCheck; key: string }
    | { state: 'failed'; message: string };
  set(change: Partial<AddCameraState>): void;
  setParts(change: Partial<SourceParts>): void;
  check(): Promise<void>;
  reset(): void;
}

const EMPTY = {
  way: 'maker' as Way,
  parts: { makerId: 'hikvision', host: '', user: '', password: '', channel: 1, path: '' },
  url: '',
  subUrl: '',
  useSub: true,
  demo: DEMOS[0].id as string,
  transport: 'tcp' as const,
  name: null,
  look: { state: 'idle' } as const,
};

let aborter: AbortController | null = null;

export const useAddCamera = create<AddCameraState>((set, get) => ({
  ...EMPTY,
  set: (change) => set(change),
  setParts: (change) => set(({ parts }) => ({ parts: { ...parts, ...change } })),
  async check() {
    const urls = urlsOf(get());
    if (!urls) return;
    aborter?.abort();
    const mine = new AbortController();
    aborter = mine;
    set({ look: { state: 'running' } });
    try {
      const source = { main: urls.main, transport: get().transport, ...(urls.sub ? { sub: urls.sub } : {}) };
      const check = await onboardingApi.checkSource({ source }, mine.signal);
      if (!mine.signal.aborted) set({ look: { state: 'done', check, key: keyOf(urls) } });
    } catch (thrown) {
      if (mine.signal.aborted) return;
      set({ look: { state: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) } });
    }
  },
  reset() {
    aborter?.abort();
    set(EMPTY);
  },
}));

/** Tells whether a look was at these very addresses. */
export function keyOf({ main, sub }: { main: string; sub: string | null }): string {
  return `${main}\n${sub ?? ''}`;
}

type AddressFacts = Pick<AddCameraState, 'way' | 'parts' | 'url' | 'subUrl' | 'useSub' | 'demo'>;

/** The addresses meant, or null while they are not complete. */
export function urlsOf(state: AddressFacts): { main: string; sub: string | null } | null {
  if (state.way === 'demo') return { main: `demo:${state.demo}`, sub: null };
  if (state.way === 'maker') {
    const urls = buildSourceUrls(state.parts);
    return urls && { main: urls.main, sub: state.useSub ? urls.sub : null };
  }
  const main = state.url.trim();
  const sub = state.subUrl.trim();
  if (!SourceUrlSchema.safeParse(main).success) return null;
  if (sub !== '' && !SourceUrlSchema.safeParse(sub).success) return null;
  return { main, sub: sub === '' ? null : sub };
}

/** The name typed, or one made from the address. */
export function nameOf(state: AddressFacts & { name: string | null }): string {
  if (state.name !== null) return state.name;
  const urls = urlsOf(state);
  const taken = (useCameras.getState().cameras ?? []).map(({ name }) => name);
  return urls ? suggestName(urls.main, taken) : '';
}
