/**
 * Which page is shown, as the part of the address after `#`: `#/archive?camera=…&at=…`. A hash needs nothing of the server,
 * so that the same page works from the engine, in Electron and behind any proxy.
 */
import { type AnchorHTMLAttributes, useSyncExternalStore } from 'react';

export interface Place {
  /** Starts with a slash, never ends with one (but '/' itself). */
  path: string;
  query: URLSearchParams;
}

/** Answers whether the page may be left for `to`; asked before moving. */
type LeaveGuard = (to: string) => boolean;
const listeners = new Set<() => void>();
const guards = new Set<LeaveGuard>();
let current = parsePlace(typeof location === 'undefined' ? '' : location.hash);
let currentHash = typeof location === 'undefined' ? '' : location.hash;

/** The current place; renders again when it changes. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => current);
}

/** Goes to e.g. `/events?camera=…`; `replace` leaves no step in the history. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(null, '', `#${to}`);
    onHashChange();
  } else location.hash = to;
}

/** While set, leaving the path asks `mayLeave` first; a refusal stays here. Returns how to stop. */
export function guardLeaving(mayLeave: LeaveGuard): () => void {
  guards.add(mayLeave);
  return () => guards.delete(mayLeave);
}

/** A link inside the app; `to` like `/cameras/new`. */
export function Link({ to, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a href={`#${to}`} {...rest} />;
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const trimmed = path.replace(/\/+$/, '');
  return { path: trimmed === '' ? '/' : trimmed, query: new URLSearchParams(query) };
}

/** Parameters of `path` by `pattern` such as `/cameras/:id`, or null where it does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = found[index]!;
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return parameters;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function onHashChange(): void {
  const next = parsePlace(location.hash);
  if (
    next.path !== current.path &&
    ![...guards].every((mayLeave) => mayLeave(location.hash.replace(/^#/, '')))
  ) {
    history.replaceState(null, '', currentHash === '' ? '#/' : currentHash);
    return;
  }
  if (location.hash === currentHash) return;
  currentHash = location.hash;
  current = next;
  for (const listener of listeners) listener();
}

if (typeof window !== 'undefined') window.addEventListener('hashchange', onHashChange);
