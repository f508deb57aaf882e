/** Something fetched for a view: its value, its failure in words, and how to fetch it again. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { RequestError } from './http.ts';

export interface Resource<T> {
  /** undefined until first fetched; the old value stays while it is fetched again. */
  value: T | undefined;
  error: string | null;
  /** Status of the failure, 0 when the engine could not be reached. */
  errorStatus: number | null;
  loading: boolean;
  refresh(): void;
  /** Puts a value that the caller already knows, e.g. the answer to a change. */
  put(value: T): void;
}

/** An engine that could not be reached, or was not ready, is asked again after this. */
const AGAIN_MS = 3000;

/**
 * Fetches when mounted and whenever `key` changes; a `key` of null fetches nothing.
 * `everyMs` fetches again at that pace while the page is visible; an engine that cannot be reached is asked again in any case.
 */
export function useResource<T>(
  key: string | null,
  fetch: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
): Resource<T> {
  const [state, setState] = useState<{
    key: string | null;
    value?: T;
    error: Error | null;
    loading: boolean;
  }>({
    key: null,
    error: null,
    loading: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(fetch);
  latest.current = fetch;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for a new fetch of the same key
  useEffect(() => {
    if (key === null) return;
    const aborter = new AbortController();
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, error: null, loading: true }));
    latest.current(aborter.signal).then(
      (value) => {
        if (!aborter.signal.aborted) setState({ key, value, error: null, loading: false });
      },
      (thrown: unknown) => {
        if (aborter.signal.aborted) return;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        setState((old) => ({ ...old, error, loading: false }));
      },
    );
    return () => aborter.abort();
  }, [key, turn]);

  const refresh = useCallback(() => setTurn((count) => count + 1), []);
  const mine = state.key === key;
  const errorStatus = mine && state.error instanceof RequestError ? state.error.status : null;
  const paceMs = errorStatus === 0 || errorStatus === 503 ? AGAIN_MS : everyMs;
  useEffect(() => {
    if (paceMs === undefined || key === null) return;
    const interval = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, paceMs);
    return () => clearInterval(interval);
  }, [paceMs, key, refresh]);

  const put = useCallback((value: T) => setState({ key, value, error: null, loading: false }), [key]);
  return {
    value: mine ? state.value : undefined,
    error: mine ? (state.error?.message ?? null) : null,
    errorStatus,
    loading: mine ? state.loading : key !== null,
    refresh,
    put,
  };
}
