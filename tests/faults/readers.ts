/** Those who read from the engine, badly or much: viewers that never take what is sent, and exports. */
import { request } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import type { ExportJob } from '../../src/shared/contract-exports.ts';
import { type RunningEngine, until } from '../fixtures/engine.ts';

const VIEWERS = 4;

/** Opens live views and downloads of the archive, and reads nothing of them; the function returned lets go of them. */
export async function holdUpReaders(engine: RunningEngine, cameraId: string): Promise<() => void> {
  const headers = { cookie: engine.cookie, origin: engine.url };
  const held: Array<() => void> = [];
  for (let index = 0; index < VIEWERS; index++) {
    const format = index % 2 === 0 ? 'mp4' : 'mpeg1';
    const address = `${engine.url.replace('http', 'ws')}/app/v1/cameras/${cameraId}/live?stream=main&format=${format}`;
    const socket = new WebSocket(address, { headers });
    await new Promise((done, fail) => {
      socket.once('open', done);
      socket.once('error', fail);
    });
    socket.pause();
    socket.on('error', () => {}); // the engine may close it
    held.push(() => socket.terminate());
    const to = Date.now();
    const query = `fromEpochMs=${to - 60_000}&toEpochMs=${to}&baseEpochMs=${to - 60_000}`;
    held.push(await downloadNothing(`${engine.url}/app/v1/archive/${cameraId}/media?${query}`, headers));
  }
  return () => {
    for (const release of held) release();
  };
}

/** Asks for footage and never reads the answer. */
function downloadNothing(address: string, headers: Record<string, string>): Promise<() => void> {
  return new Promise((done, fail) => {
    const asked = request(address, { headers }, (response) => {
      response.pause();
      done(() => asked.destroy());
    });
    asked.once('socket', (socket: Socket) => socket.setTimeout(0));
    asked.on('error', fail);
    asked.end();
  });
}

/** A clip from then to a second ago; resolves with the number of its job when it is done. */
export async function exportFootage(
  engine: RunningEngine,
  cameraId: string,
  fromEpochMs: number,
): Promise<string> {
  const toEpochMs = Date.now() - 1000;
  const job = await engine.send<ExportJob>('POST', '/exports', {
    ...{ cameraIds: [cameraId], fromEpochMs, toEpochMs },
  });
  await until('the export to be done', async () => {
    const now = (await engine.get<ExportJob[]>('/exports')).find(({ id }) => id === job.id);
    if (now?.state === 'failed') throw new Error('the export failed');
    return now?.state === 'done';
  });
  return job.id;
}
