/** Shows MPEG-1 pictures on a canvas with JSMpeg, for streams whose codec the browser cannot play. No sound. */
import type { LiveMessage } from './live-socket.ts';

/** What JSMpeg gives its source: bytes written to it become pictures. */
interface Demuxer {
  write(bytes: ArrayBuffer): void;
}

export interface Mpeg1Sink {
  push(message: LiveMessage): void;
  close(): void;
}

/** Loads the decoder (only when it is needed) and attaches it to the canvas. */
export async function openMpeg1Sink(canvas: HTMLCanvasElement, onPlaying: () => void): Promise<Mpeg1Sink> {
  const { default: JSMpeg } = await import('@cycjimmy/jsmpeg-player');
  let write: (bytes: ArrayBuffer) => void = () => {};
  /** A source in JSMpeg's sense, which is given its bytes by us instead of opening a socket of its own. */
  class PushedSource {
    readonly streaming = true;
    established = false;
    completed = false;
    progress = 0;
    connect(demuxer: Demuxer) {
      write = (bytes) => {
        this.established = true;
        demuxer.write(bytes);
      };
    }
    start() {}
    resume() {}
    destroy() {
      write = () => {};
    }
  }
  let playing = false;
  const player = new JSMpeg.Player('pushed', {
    source: PushedSource,
    canvas,
    audio: false,
    autoplay: true,
    disableWebAssembly: true, // compiling it at run time is against the content security policy
    disableGl: true,
    videoBufferSize: 1024 * 1024,
    onVideoDecode: () => {
      if (!playing) onPlaying();
      playing = true;
    },
  });
  return {
    push: ({ data }) => write(data.slice().buffer),
    close: () => player.destroy(),
  };
}
