/** Camio's hooks: which events they fire for, and what they tell. Matching is pure; delivery is the outbox's. */
import type { NvrEvent } from '../../shared/domain-events.ts';
import { AppError } from '../../shared/errors.ts';
import { labelKey } from '../../shared/label-key.ts';
import type { Hook, HookStore } from '../store/camio-hooks.ts';
import { interestOf } from '../store/event-interest.ts';
import type { Outbox } from './outbox.ts';

export interface CamioHooksDeps {
  hooks: HookStore;
  cameras: { list(): ReadonlyArray<{ name: string }> };
  outbox: Pick<Outbox, 'enqueue'>;
}

/** Of at least this interest: important motion. */
const IMPORTANT = 2;

export class CamioHooks {
  private readonly deps: CamioHooksDeps;

  constructor(deps: CamioHooksDeps) {
    this.deps = deps;
  }

  /** Puts what hooks tell of an event into the outbox, in the event's transaction; once per hook and event, whenever it comes to match. */
  storeAlongside(event: NvrEvent): void {
    const { hooks, cameras, outbox } = this.deps;
    if (interestOf(event.type, event.detail) < IMPORTANT) return;
    const all = hooks.list();
    if (all.length === 0) return;
    const names = cameras.list().map((camera) => camera.name);
    for (const hook of all) {
      if (!matchesHook(hook, event, names) || !hooks.fire(hook.id, event.sequence)) continue;
      outbox.enqueue({
        kind: 'camio-hook',
        target: String(hook.id),
        url: hook.callbackUrl,
        body: buildHookBody(hook, event),
        dedupeKey: `camio-hook ${hook.id} ${event.id}`,
      });
    }
  }

  /** Sends a made-up event to a hook's address; returns the id of the delivery. Throws AppError not-found. */
  sendTest(hookId: number, nowEpochMs: number): number | null {
    const hook = this.deps.hooks.get(hookId);
    if (!hook) throw new AppError('not-found', 'There is no such hook.');
    const names = this.deps.cameras.list().map((camera) => camera.name);
    const { cameras, words } = planHook(hook, names);
    const body = {
      hook_id: String(hook.id),
      event: {
        id: 'test',
        source: cameras[0] ?? names[0] ?? 'test',
        earliest_date: camioTime(nowEpochMs),
        latest_date: camioTime(nowEpochMs),
        labels: words,
      },
    };
    return this.deps.outbox.enqueue({
      kind: 'camio-hook',
      target: String(hook.id),
      url: hook.callbackUrl,
      body,
    });
  }
}

export function matchesHook(
  hook: Pick<Hook, 'query' | 'cameraName'>,
  event: Pick<NvrEvent, 'cameraName' | 'labels'>,
  cameraNames: readonly string[],
): boolean {
  const { cameras, words } = planHook(hook, cameraNames);
  if (cameras.length > 0 && !cameras.includes(event.cameraName.trim().toLowerCase())) return false;
  const known = new Set(event.labels.flatMap((label) => wordsOf(label).map(labelKey)));
  return words.every((word) => known.has(labelKey(word)));
}

/** The cameras that a hook is limited to (in lower case; none: all), and the words that labels must have. */
export function planHook(
  hook: Pick<Hook, 'query' | 'cameraName'>,
  cameraNames: readonly string[],
): { cameras: string[]; words: string[] } {
  const words: Array<string | null> = wordsOf(hook.query);
  const named = new Set<string>(hook.cameraName ? [hook.cameraName.trim().toLowerCase()] : []);
  const byLength = cameraNames
    .map((name) => ({ key: name.trim().toLowerCase(), words: wordsOf(name) }))
    .sort((a, b) => b.words.length - a.words.length || b.key.length - a.key.length);
  for (const camera of byLength) {
    for (let at = 0; at + camera.words.length <= words.length; at++) {
      if (!camera.words.every((word, i) => words[at + i] === word)) continue;
      named.add(camera.key);
      words.fill(null, at, at + camera.words.length);
    }
  }
  return { cameras: [...named], words: words.filter((word) => word !== null) };
}

export function buildHookBody(hook: Pick<Hook, 'id'>, event: NvrEvent) {
  return {
    hook_id: String(hook.id),
    event: {
      id: event.id,
      source: event.cameraName,
      earliest_date: camioTime(event.startEpochMs),
      latest_date: camioTime(event.endEpochMs),
      labels: event.labels,
    },
  };
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
}

function camioTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '-0000');
}
