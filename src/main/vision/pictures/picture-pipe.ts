/**
 * The way of a decoder's pictures into this process: a pair of connected sockets, of which ffmpeg gets one end as its standard output.
 * What arrives is read into one buffer, again and again: streams take fresh memory for each piece, and to collect that costs more than
 * to look at a still picture. And a full picture fits in two or three pieces instead of six and more.
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

/** For all pipes of a thread: what was read has been taken before the next one reads. */
const PIECE = Buffer.alloc(262_144);

/**
 * `onBytes` takes each piece, valid until it returns, and says whether to go on; `ours.resume()` goes on later. Rejects where no socket
 * can be made.
 */
export async function openPicturePipe(onBytes: (bytes: Uint8Array) => boolean): Promise<PicturePipe> {
  // A folder of our own: nobody else can connect in between.
  const folder = await mkdtemp(join(tmpdir(), 'threshold-'));
  const path = join(folder, 'pictures');
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(path);
    await once(server, 'listening');
    const callback = (length: number, buffer: Uint8Array) => onBytes(buffer.subarray(0, length));
    const ours = connect({ path, onread: { buffer: PIECE, callback } });
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
