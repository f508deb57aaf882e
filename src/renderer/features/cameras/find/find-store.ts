/** The search for cameras as this page follows it: what was found, the account tried, and the look at each that let us in. */
import { create } from 'zustand';
import type { DiscoveryView, FoundDevice, SourceCheck } from '../../../../shared/onboarding.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { onboardingApi } from '../../../client/onboarding-api.ts';
import { suggestDeviceName } from './device-words.ts';

export type DeviceCheck =
  | { state: 'waiting' | 'running' }
  | { state: 'done'; check: SourceCheck }
  | { state: 'failed'; message: string };

interface FindState {
  /** null until the engine has answered. */
  view: DiscoveryView | null;
  error: string | null;
  busy: 'none' | 'starting' | 'signing-in' | 'adding';
  /** By device id: whether it is to be added; absent: yes. */
  unwanted: ReadonlySet<string>;
  names: Readonly<Record<string, string>>;
  checks: Readonly<Record<string, DeviceCheck>>;
  load(): Promise<void>;
  search(): Promise<void>;
  stop(): Promise<void>;
  addAddress(address: string): Promise<void>;
  signIn(user: string, password: string): Promise<void>;
  /** Looks at its streams once more, e.g. when its settings were changed. */
  lookAgain(id: string): void;
  want(id: string, wanted: boolean): void;
  rename(id: string, name: string): void;
  /** Adds every wanted camera; resolves with how many. Those that could not be added stay, with the reason in `error`. */
  addWanted(): Promise<number>;
}

/** Two at once: each receives two streams and decodes a picture. */
const CHECKS_AT_ONCE = 2;
let running = 0;

export const useFind = create<FindState>((set, get) => ({
  view: null,
  error: null,
  busy: 'none',
  unwanted: new Set(),
  names: {},
  checks: {},
  async load() {
    try {
      set({ view: await onboardingApi.discovery(), error: null });
    } catch (thrown) {
      set({ error: messageOf(thrown) });
    }
  },
  search: () =>
    attempt('starting', async () => {
      set({ view: await onboardingApi.startDiscovery() });
    }),
  stop: () =>
    attempt('starting', async () => {
      set({ view: await onboardingApi.stopDiscovery() });
    }),
  addAddress: (address) =>
    attempt('starting', async () => {
      set({ view: await onboardingApi.addDevice(address) });
    }),
  signIn: (user, password) =>
    attempt('signing-in', async () => {
      const deviceIds = signInCandidates(get()).map(({ id }) => id);
      const view = await onboardingApi.signInAtDevices({ deviceIds, user, password });
      const ready = view.devices.filter(({ id, state }) => state === 'ready' && deviceIds.includes(id));
      set({
        view,
        checks: { ...get().checks, ...Object.fromEntries(ready.map(({ id }) => [id, { state: 'waiting' }])) },
      });
      runChecks();
    }),
  lookAgain(id) {
    put(id, { state: 'waiting' });
    runChecks();
  },
  want(id, wanted) {
    const unwanted = new Set(get().unwanted);
    if (wanted) unwanted.delete(id);
    else unwanted.add(id);
    set({ unwanted });
  },
  rename: (id, name) => set({ names: { ...get().names, [id]: name } }),
  async addWanted() {
    let added = 0;
    await attempt('adding', async () => {
      const names = namesOf(get());
      for (const device of addCandidates(get())) {
        await onboardingApi.addCameraOfDevice(device.id, names[device.id]!);
        added += 1;
      }
    });
    await Promise.all([useCameras.getState().refresh(), added > 0 ? get().load() : null]);
    return added;
  },
}));

type FindFacts = Pick<FindState, 'view' | 'unwanted' | 'names'>;

/** Wanted devices whose streams are not known yet. */
export function signInCandidates({ view, unwanted }: FindFacts): FoundDevice[] {
  return (view?.devices ?? []).filter(
    ({ id, state, onvif, cameraName }) =>
      onvif && state !== 'ready' && cameraName === null && !unwanted.has(id),
  );
}

/** Wanted devices that can be added. */
export function addCandidates({ view, unwanted }: FindFacts): FoundDevice[] {
  return (view?.devices ?? []).filter(
    ({ id, state, cameraName }) => state === 'ready' && cameraName === null && !unwanted.has(id),
  );
}

/** By device id: the name typed, or one made up that no camera has. */
export function namesOf({ view, names }: FindFacts): Record<string, string> {
  const taken = (useCameras.getState().cameras ?? []).map(({ name }) => name);
  const result: Record<string, string> = {};
  for (const device of view?.devices ?? []) {
    result[device.id] = names[device.id] ?? suggestDeviceName(device, [...taken, ...Object.values(result)]);
  }
  return result;
}

/** Runs one action at a time; what goes wrong is told beside the search. */
async function attempt(busy: FindState['busy'], action: () => Promise<void>): Promise<void> {
  if (useFind.getState().busy !== 'none') return;
  useFind.setState({ busy, error: null });
  try {
    await action();
  } catch (thrown) {
    useFind.setState({ error: messageOf(thrown) });
  } finally {
    useFind.setState({ busy: 'none' });
  }
}

function runChecks(): void {
  const { checks } = useFind.getState();
  for (const id of Object.keys(checks)) {
    if (running >= CHECKS_AT_ONCE) return;
    if (checks[id]?.state !== 'waiting') continue;
    running += 1;
    put(id, { state: 'running' });
    onboardingApi
      .checkDevice(id)
      .then(
        (check) => put(id, { state: 'done', check }),
        (thrown: unknown) => put(id, { state: 'failed', message: messageOf(thrown) }),
      )
      .finally(() => {
        running -= 1;
        runChecks();
      });
  }
}

function put(id: string, check: DeviceCheck): void {
  useFind.setState(({ checks }) => ({ checks: { ...checks, [id]: check } }));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
