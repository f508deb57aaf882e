/** The WebSocket with live pictures of one camera: hello, then binary messages; reconnects with growing pauses. */
import { LIVE_HEADER_BYTES, type LiveHello, LiveHelloSchema } from '../../../shared/contract-live.ts';
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { closeQuietly, webSocketUrl } from '../server-events.ts';

export interface LiveMessage {
  /** One of `LIVE_KIND`. */
  kind: number;
  captureEpochMs: number;
  data: Uint8Array<ArrayBuffer>;
}

export interface LiveSocketOptions {
  cameraId: string;
  stream: StreamKind;
  format: 'mp4' | 'mpeg1';
  onHello: (hello: LiveHello) => void;
  onMessage: (message: LiveMessage) => void;
  /** The connection is gone, or says nothing more; it is tried again by itself. */
  onLost: () => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A stream that has begun and is silent for so long is taken for dead. */
const SILENCE_MS = 10_000;

export class LiveSocket {
  readonly #options: LiveSocketOptions;
  #socket: WebSocket | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  start(): void {
    const { cameraId, stream, format } = this.#options;
    const socket = new WebSocket(webSocketUrl(`/cameras/${cameraId}/live?stream=${stream}&format=${format}`));
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#hello(data);
      else this.#binary(data as ArrayBuffer);
    };
    socket.onclose = () => this.#lost();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Begins again, e.g. when what came could not be played. */
  restart(): void {
    this.#lost();
  }

  #hello(text: string): void {
    const parsed = LiveHelloSchema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      console.error('greeting of the live stream does not fit', parsed.error);
      this.#lost();
      return;
    }
    this.#options.onHello(parsed.data);
  }

  #binary(buffer: ArrayBuffer): void {
    if (buffer.byteLength <= LIVE_HEADER_BYTES) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
    const view = new DataView(buffer);
    this.#options.onMessage({
      kind: view.getUint8(0),
      captureEpochMs: view.getFloat64(1),
      data: new Uint8Array(buffer, LIVE_HEADER_BYTES),
    });
  }

  #lost(): void {
    this.#drop();
    if (this.#stopped) return;
    this.#options.onLost();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.start(), this.#pauseMs * (0.75 + Math.random() / 2));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #drop(): void {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) closeQuietly(socket);
  }
}
