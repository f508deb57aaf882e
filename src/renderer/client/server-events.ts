/** The WebSocket on which the engine tells what happens; reconnects by itself, with growing pauses. One per page. */
import { create } from 'zustand';
import { APP_PREFIX } from '../../shared/contract.ts';
import { type ServerMessage, ServerMessageSchema } from '../../shared/contract-live.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

interface ConnectionState {
  /** False while the engine cannot be reached; null before the first attempt has ended. */
  connected: boolean | null;
  sinceEpochMs: number;
}

/** Whether the page hears from the engine. */
export const useConnection = create<ConnectionState>(() => ({ connected: null, sinceEpochMs: Date.now() }));

const listeners = new Set<(message: ServerMessage) => void>();
const openListeners = new Set<() => void>();
/** How many viewers want the tracks of each camera. */
const watched = new Map<string, number>();

let socket: WebSocket | null = null;
let wanted = false;
let pauseMs = FIRST_PAUSE_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

export function startServerEvents(): void {
  if (wanted) return;
  wanted = true;
  pauseMs = FIRST_PAUSE_MS;
  connect();
}

export function stopServerEvents(): void {
  wanted = false;
  clearTimeout(timer);
  if (socket) closeQuietly(socket);
  socket = null;
}

/** Hears every message; returns how to stop. */
export function onServerMessage(listener: (message: ServerMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called at each (re)connection: whatever was missed meanwhile must be fetched again. */
export function onServerConnected(listener: () => void): () => void {
  openListeners.add(listener);
  return () => openListeners.delete(listener);
}

/** Asks for the tracks of a camera until the returned function is called. */
export function watchTracks(cameraId: string): () => void {
  watched.set(cameraId, (watched.get(cameraId) ?? 0) + 1);
  sendWatched();
  return () => {
    const left = (watched.get(cameraId) ?? 1) - 1;
    if (left > 0) watched.set(cameraId, left);
    else watched.delete(cameraId);
    sendWatched();
  };
}

function connect(): void {
  const mine = new WebSocket(webSocketUrl('/ws'));
  socket = mine;
  mine.onopen = () => {
    pauseMs = FIRST_PAUSE_MS;
    useConnection.setState({ connected: true, sinceEpochMs: Date.now() });
    sendWatched();
    for (const listener of openListeners) listener();
  };
  mine.onmessage = (message) => {
    if (typeof message.data === 'string') deliver(message.data);
  };
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    if (!wanted) return;
    if (useConnection.getState().connected !== false)
      useConnection.setState({ connected: false, sinceEpochMs: Date.now() });
    timer = setTimeout(connect, pauseMs * (0.75 + Math.random() / 2));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
}

function deliver(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    console.error('message of the recorder is not JSON', thrown);
    return;
  }
  const parsed = ServerMessageSchema.safeParse(value);
  if (!parsed.success) {
    console.error('message of the recorder does not fit', parsed.error);
    return;
  }
  for (const listener of listeners) listener(parsed.data);
}

function sendWatched(): void {
  if (socket?.readyState === WebSocket.OPEN)
    socket.send(JSON.stringify({ kind: 'watch-tracks', cameraIds: [...watched.keys()] }));
}

/** Browsers complain about a socket that is closed before it is open: then it is closed as soon as it is. */
export function closeQuietly(socket: WebSocket): void {
  socket.onmessage = null;
  socket.onclose = null;
  if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
  else socket.close();
}

/** Address of a WebSocket below the UI's prefix on the page's own host. */
export function webSocketUrl(path: string): string {
  const base = new URL(`${APP_PREFIX}${path}`, location.href);
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  base.hash = '';
  return base.href;
}
