import { expect, test } from 'vitest';
import { LIVE_HEADER_BYTES, LIVE_KIND, LiveHelloSchema } from '../../shared/contract-live.ts';
import { type Fragment, HEADROOM_BYTES, type StreamDescription } from '../media/fragment.ts';
import { ManualClock } from '../platform/clock.ts';
import { LiveHub } from './hub.ts';
import { type LiveSocket, serveMp4Socket } from './socket.ts';

class FakeSocket implements LiveSocket {
  bufferedAmount = 0;
  sent: Array<string | Buffer> = [];
  pings = 0;
  ended: string | null = null;
  private readonly listeners = new Map<string, () => void>();

  send(data: string | Buffer, done?: () => void) {
    this.sent.push(data);
    done?.();
  }
  ping() {
    this.pings += 1;
  }
  close(code?: number) {
    this.ended = `closed ${code}`;
    this.emit('close');
  }
  terminate() {
    this.ended = 'terminated';
    this.emit('close');
  }
  on(event: string, listener: () => void) {
    this.listeners.set(event, listener);
  }
  emit(event: string) {
    this.listeners.get(event)?.();
  }
  get kinds() {
    return this.sent.map((data) => (typeof data === 'string' ? 'hello' : data.readUInt8(0)));
  }
}

const DESCRIPTION: StreamDescription = {
  video: { codec: 'h264', codecString: 'avc1.640028', width: 1920, height: 1080, timescale: 90_000 },
  audio: { codec: 'aac', codecString: 'mp4a.40.2', sampleRate: 16_000, channels: 1, timescale: 16_000 },
  initSegment: Buffer.from('both'),
  videoInit: Buffer.from('video'),
  audioInit: Buffer.from('audio'),
};

function fragment(
  track: Fragment['track'],
  keyframe: boolean,
  captureEpochMs = 1_790_000_000_123.5,
): Fragment {
  return {
    track,
    keyframe,
    captureEpochMs,
    data: Buffer.from(track),
    tfdtOffset: 0,
    decodeTime: 0,
    duration: 1,
  };
}

function watch() {
  const clock = new ManualClock();
  const hub = new LiveHub(clock);
  const socket = new FakeSocket();
  hub.stream(DESCRIPTION);
  hub.fragment(fragment('video', true));
  serveMp4Socket(socket, hub, 'main', clock);
  return { clock, hub, socket };
}

test('hello, inits, the current GOP, then what comes, each with kind and capture time', () => {
  const { hub, socket } = watch();
  hub.fragment(fragment('audio', true));
  hub.fragment(fragment('video', false));
  const { videoInit, audioInit, videoFragment, audioFragment } = LIVE_KIND;
  expect(socket.kinds).toEqual(['hello', videoInit, audioInit, videoFragment, audioFragment, videoFragment]);
  expect(LiveHelloSchema.parse(JSON.parse(String(socket.sent[0])))).toMatchObject({
    format: 'mp4',
    width: 1920,
    stream: 'main',
  });
  const last = socket.sent.at(-1) as Buffer;
  expect(last.readDoubleBE(1)).toBe(1_790_000_000_123.5);
  expect(last.subarray(LIVE_HEADER_BYTES).toString()).toBe('video');
});

test('a changed stream begins with a fresh hello', () => {
  const { hub, socket } = watch();
  hub.stream({ ...DESCRIPTION, audio: null, audioInit: null });
  expect(socket.kinds.slice(-2)).toEqual(['hello', LIVE_KIND.videoInit]);
});

test('a full socket gets nothing more until it has drained, and then goes on at a key frame', () => {
  const { clock, hub, socket } = watch();
  const before = socket.sent.length;
  socket.bufferedAmount = 10_000_000;
  for (let second = 0; second < 10; second++) {
    clock.advance(1000);
    hub.fragment(fragment('video', second % 5 === 4));
  }
  expect(socket.sent).toHaveLength(before);
  expect(hub.droppedGops).toBeGreaterThan(0);
  socket.bufferedAmount = 0;
  hub.fragment(fragment('video', true, 42));
  expect((socket.sent.at(-1) as Buffer).readDoubleBE(1)).toBe(42);
});

test('who does not answer a ping is cut off and leaves the hub; who answers stays', () => {
  const silent = watch();
  silent.clock.advance(15_000);
  expect(silent.socket.pings).toBe(1);
  silent.clock.advance(15_000);
  expect(silent.socket.ended).toBe('terminated');
  expect(silent.hub.viewerCount).toBe(0);
  const alive = watch();
  for (let ping = 0; ping < 4; ping++) {
    alive.clock.advance(15_000);
    alive.socket.emit('pong');
  }
  expect(alive.socket.ended).toBeNull();
});

test('the removal of the camera closes the socket', () => {
  const { hub, socket } = watch();
  hub.end();
  expect(socket.ended).toBe('closed 4410');
  expect(hub.viewerCount).toBe(0);
});

test('a fragment with headroom is sent from its own memory, the same to all', () => {
  const memory = Buffer.from('................bytes');
  const data = memory.subarray(HEADROOM_BYTES);
  const hub = new LiveHub(new ManualClock());
  hub.stream(DESCRIPTION);
  const sockets = [new FakeSocket(), new FakeSocket()];
  for (const socket of sockets) serveMp4Socket(socket, hub, 'main', new ManualClock());
  hub.fragment({ ...fragment('video', true), data, headroom: true });
  const [first, second] = sockets.map((socket) => socket.sent.at(-1) as Buffer);
  expect(first).toEqual(second);
  expect(first!.buffer).toBe(memory.buffer);
  expect(first!.readUInt8(0)).toBe(LIVE_KIND.videoFragment);
  expect(first!.readDoubleBE(1)).toBe(1_790_000_000_123.5);
  expect(first!.subarray(LIVE_HEADER_BYTES).toString()).toBe('bytes');
  expect(memory.subarray(0, HEADROOM_BYTES - LIVE_HEADER_BYTES).toString()).toBe('.......');
});
