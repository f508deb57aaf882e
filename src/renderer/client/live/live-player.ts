/** Live pictures of one camera in a `video` element, or on a canvas where the browser lacks the codec. Recovers by itself. */
import { LIVE_KIND, type LiveHello } from '../../../shared/contract-live.ts';
import type { StreamKind } from '../../../shared/domain-storage.ts';
import { type LiveMessage, LiveSocket } from './live-socket.ts';
import { type Mpeg1Sink, openMpeg1Sink } from './mpeg1-sink.ts';
import { canPlay, MseSink } from './mse-sink.ts';

export interface LiveState {
  /** `waiting`: no picture now, being tried. */
  phase: 'waiting' | 'playing';
  format: 'mp4' | 'mpeg1';
  hello: LiveHello | null;
}

export interface LivePlayerOptions {
  cameraId: string;
  stream: StreamKind;
  withAudio: boolean;
  video: HTMLVideoElement;
  canvas: HTMLCanvasElement;
  onState: (state: LiveState) => void;
}

/** Hidden for so long, a page lets its streams go. */
const HIDDEN_MS = 10_000;

export class LivePlayer {
  readonly #options: LivePlayerOptions;
  #state: LiveState = { phase: 'waiting', format: 'mp4', hello: null };
  #socket: LiveSocket | null = null;
  #mse: MseSink | null = null;
  #mpeg1: Mpeg1Sink | null = null;
  #failures = 0;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#connect();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    clearTimeout(this.#hiddenTimer);
    this.#disconnect();
  }

  /** When the picture that is shown now was captured, epoch ms; null when unknown. */
  displayedEpochMs(): number | null {
    return this.#mse?.displayedEpochMs() ?? null;
  }

  #connect(): void {
    const { format } = this.#state;
    this.#socket = new LiveSocket({
      cameraId: this.#options.cameraId,
      stream: this.#options.stream,
      format,
      onHello: (hello) => this.#onHello(hello),
      onMessage: (message) => this.#onMessage(message),
      onLost: () => {
        this.#closeSinks();
        this.#set({ phase: 'waiting' });
      },
    });
    this.#socket.start();
  }

  #disconnect(): void {
    this.#socket?.stop();
    this.#socket = null;
    this.#closeSinks();
  }

  #onHello(hello: LiveHello): void {
    this.#closeSinks();
    this.#set({ hello });
    if (hello.format === 'mpeg1') {
      void this.#openMpeg1();
      return;
    }
    if (!canPlay(hello)) {
      this.#fallBack();
      return;
    }
    this.#mse = new MseSink({
      video: this.#options.video,
      hello,
      withAudio: this.#options.withAudio,
      onPlaying: () => {
        this.#failures = 0;
        this.#set({ phase: 'playing' });
      },
      onFailed: (why) => this.#onFailed(why),
    });
  }

  async #openMpeg1(): Promise<void> {
    const socket = this.#socket;
    const sink = await openMpeg1Sink(this.#options.canvas, () => this.#set({ phase: 'playing' }));
    if (this.#socket !== socket || socket === null) sink.close();
    else this.#mpeg1 = sink;
  }

  #onMessage(message: LiveMessage): void {
    if (message.kind === LIVE_KIND.mpeg1) this.#mpeg1?.push(message);
    else this.#mse?.push(message);
  }

  /** Codecs that are said to be supported may still not decode: after the third failure the engine converts instead. */
  #onFailed(why: unknown): void {
    console.warn('live picture begins again', why);
    this.#failures++;
    if (this.#failures >= 3) this.#fallBack();
    else this.#socket?.restart();
  }

  #fallBack(): void {
    this.#disconnect();
    this.#set({ phase: 'waiting', format: 'mpeg1' });
    this.#connect();
  }

  #closeSinks(): void {
    this.#mse?.close();
    this.#mse = null;
    this.#mpeg1?.close();
    this.#mpeg1 = null;
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState(this.#state);
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiddenTimer);
    if (document.visibilityState === 'hidden')
      this.#hiddenTimer = setTimeout(() => {
        this.#disconnect();
        this.#set({ phase: 'waiting' });
      }, HIDDEN_MS);
    else if (!this.#socket) this.#connect();
  };
}
