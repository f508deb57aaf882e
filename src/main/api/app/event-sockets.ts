/** The UI's WebSocket: what happens, as it happens. A client that does not keep up loses track positions first, then its connection. */
import type { WebSocket } from 'ws';
import { includesRole, type Role } from '../../../shared/accounts.ts';
import {
  type ClientMessage,
  ClientMessageSchema,
  type ServerMessage,
} from '../../../shared/contract-live.ts';

import type { CameraScope } from './rights.ts';

/** With more than this unsent, a client gets no positions of tracks. */
const CROWDED_BYTES = 256 * 1024;
/** With more than this unsent, a client is cut off; it connects again and reads what it missed. */
const HOPELESS_BYTES = 8 * 1024 * 1024;
const HEARTBEAT_MS = 30_000;
const MAX_CLIENTS = 100;
/** 1013: try again later. */
const TRY_LATER = 1013;
const UNKNOWN_MESSAGE = 1008;

/** What the account of a connection may hear of; a change of it ends the connection. */
export interface Listener {
  role: Role;
  cameras: CameraScope;
}

interface Client {
  socket: WebSocket;
  listener: Listener;
  watched: Set<string>;
  alive: boolean;
}

export class EventSockets {
  private readonly clients = new Set<Client>();
  private heartbeat: NodeJS.Timeout | null = null;

  start(): void {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** Ends all connections. */
  stop(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
    for (const { socket } of this.clients) socket.close(1001, 'the engine is stopping');
    this.clients.clear();
  }

  /** Takes an authenticated connection. */
  add(socket: WebSocket, listener: Listener): void {
    if (this.clients.size >= MAX_CLIENTS) {
      socket.close(TRY_LATER, 'too many connections');
      return;
    }
    const client: Client = { socket, listener, watched: new Set(), alive: true };
    this.clients.add(client);
    socket.on('pong', () => {
      client.alive = true;
    });
    socket.on('message', (data) => this.hear(client, String(data)));
    socket.on('close', () => this.clients.delete(client));
    socket.on('error', () => socket.terminate());
  }

  /** Sends a message to every client that wants it; never waits. */
  broadcast(message: ServerMessage): void {
    let text: string | null = null;
    for (const client of this.clients) {
      if (!wants(client, message)) continue;
      if (client.socket.bufferedAmount > HOPELESS_BYTES) {
        this.clients.delete(client);
        client.socket.terminate();
        continue;
      }
      text ??= JSON.stringify(message);
      client.socket.send(text);
    }
  }

  private hear(client: Client, text: string): void {
    const parsed = parseClientMessage(text);
    if (parsed) client.watched = new Set(parsed.cameraIds.map((id) => id.toLowerCase()));
    else client.socket.close(UNKNOWN_MESSAGE, 'unknown message');
  }

  private beat(): void {
    for (const client of this.clients) {
      if (!client.alive) {
        client.socket.terminate();
        continue;
      }
      client.alive = false;
      client.socket.ping();
    }
  }
}

function parseClientMessage(text: string): ClientMessage | null {
  try {
    return ClientMessageSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function wants(client: Client, message: ServerMessage): boolean {
  if (!mayHear(client.listener, message)) return false;
  if (message.kind !== 'tracks') return true;
  return client.watched.has(message.cameraId) && client.socket.bufferedAmount <= CROWDED_BYTES;
}

/** Viewers hear of live pictures alone; everybody of their own cameras alone. */
export function mayHear({ role, cameras }: Listener, message: ServerMessage): boolean {
  const isOperator = includesRole(role, 'operator');
  switch (message.kind) {
    case 'cameras-changed':
      return true;
    case 'camera-status':
      return cameras.has(message.status.cameraId);
    case 'tracks':
      return cameras.has(message.cameraId);
    case 'locks-changed':
    case 'bookmarks-changed':
    case 'cases-changed':
      return isOperator;
    case 'event':
      return isOperator && cameras.has(message.event.cameraId);
    case 'export':
      return isOperator && cameras.hasAll(message.job.cameras.map(({ id }) => id));
    // Its words may tell of any camera.
    case 'notification':
      return isOperator && cameras.isWhole;
    case 'alert': {
      const { cameraId } = message.alert;
      return isOperator && (cameraId === null ? cameras.isWhole : cameras.has(cameraId));
    }
  }
}
