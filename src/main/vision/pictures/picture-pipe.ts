/**
 * The way of a decoder's pictures into this process: a pair of connected sockets, of which ffmpeg gets one end as its standard output.
 * What arrives is read straight into the picture it belongs to: streams take fresh memory for each piece, and to fill, copy and collect
 * that costs more than to look at a still picture. And a full picture comes in two or three pieces instead of six and more.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PicturePipe {
  /** Where the pictures arrive. */
  ours: Socket;
  /** ffmpeg's end; to be destroyed here once ffmpeg has it. */
  theirs: Socket;
}

/** Where the bytes go. */
export interface PictureSink {
  /** Room for the next bytes, never empty. */
  readonly space: Uint8Array;
  /** So many bytes have been written to `space`; says whether to go on. */
  fill(bytes: number): boolean;
}

/** Reads into the sink; after it has said no, `ours.resume()` goes on. Rejects where no socket can be made. */
export async function openPicturePipe(sink: PictureSink): Promise<PicturePipe> {
  // A folder of our own: nobody else can connect in between.
  const folder = await mkdtemp(join(tmpdir(), 'threshold-'));
  const path = join(folder, 'pictures');
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(path);
    await once(server, 'listening');
    const ours = connect({
      path,
      onread: { buffer: () => sink.space, callback: (bytes) => sink.fill(bytes) },
    });
    const theirs = await new Promise<Socket>((resolve, reject) => {
      server.once('connection', resolve);
      // Once it is connected an error ends it, which is seen.
      ours.on('error', reject);
    });
    return { ours, theirs };
  } finally {
    server.close();
    void rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
