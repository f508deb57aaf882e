import { expect, test } from 'vitest';
import { ManualClock } from '../platform/clock.ts';
import { type FanoutOutput, GopFanout, type GopItem } from './fanout.ts';

interface Piece extends GopItem {
  name: string;
}

const LIMITS = { maxBytes: 1000, maxAgeMs: 3000, maxBufferedBytes: 100 };

/** A reader's socket: takes everything while `open`, otherwise keeps it buffered. */
class Socket implements FanoutOutput<string, Piece> {
  open = true;
  bufferedBytes = 0;
  seen: string[] = [];
  private unsent: Array<{ bytes: number; sent: () => void }> = [];

  start(stream: string): void {
    this.seen.push(`start ${stream}`);
  }
  item(item: Piece, sent: () => void): void {
    this.seen.push(item.name);
    this.bufferedBytes += item.byteLength;
    this.unsent.push({ bytes: item.byteLength, sent });
    if (this.open) this.drain();
  }
  end(): void {
    this.seen.push('end');
  }
  drain(): void {
    for (let next = this.unsent.shift(); next; next = this.unsent.shift()) {
      this.bufferedBytes -= next.bytes;
      next.sent();
    }
  }
}

function key(name: string, byteLength = 50): Piece {
  return { name, byteLength, startsGop: true };
}
function delta(name: string, byteLength = 50): Piece {
  return { name, byteLength, startsGop: false };
}
function create() {
  const clock = new ManualClock();
  return { clock, fanout: new GopFanout<string, Piece>(clock, LIMITS) };
}

test('who joins in the middle gets the stream and its current GOP, then what comes', () => {
  const { fanout } = create();
  fanout.start('a');
  for (const item of [key('k1'), delta('d1'), key('k2'), delta('d2')]) fanout.push(item);
  const socket = new Socket();
  fanout.attach(socket);
  fanout.push(delta('d3'));
  expect(socket.seen).toEqual(['start a', 'k2', 'd2', 'd3']);
});

test('who joins before a key frame waits for one', () => {
  const { fanout } = create();
  const socket = new Socket();
  fanout.attach(socket);
  fanout.start('a');
  fanout.push(delta('d0'));
  fanout.push(key('k1'));
  expect(socket.seen).toEqual(['start a', 'k1']);
});

test('a reader that stands still loses whole GOPs, counted, and goes on at the newest key frame; the other loses nothing', () => {
  const { fanout } = create();
  fanout.start('a');
  const slow = new Socket();
  const fast = new Socket();
  const reader = fanout.attach(slow);
  fanout.attach(fast);
  slow.open = false;
  const names: string[] = [];
  for (let gop = 0; gop < 10; gop++) {
    for (let frame = 0; frame < 5; frame++) {
      const item = frame === 0 ? key(`k${gop}`) : delta(`d${gop}.${frame}`);
      names.push(item.name);
      fanout.push(item);
    }
  }
  expect(fast.seen).toEqual(['start a', ...names]);
  // The socket took two before it was full; the queue never held more than its limit.
  expect(slow.seen).toEqual(['start a', 'k0', 'd0.1']);
  slow.open = true;
  slow.drain();
  const goesOn = slow.seen[3]!;
  expect(goesOn).toMatch(/^k[5-9]$/);
  expect(slow.seen.slice(3)).toEqual(names.slice(names.indexOf(goesOn)));
  expect(reader.droppedGops).toBe(Number(goesOn.slice(1)));
  expect(fanout.droppedGops).toBe(reader.droppedGops);
});

test('what has waited too long is dropped, and a GOP is never begun in its middle', () => {
  const { clock, fanout } = create();
  fanout.start('a');
  const socket = new Socket();
  const reader = fanout.attach(socket);
  socket.open = false;
  for (const item of [key('k1', 100), delta('d1'), delta('d2')]) fanout.push(item);
  clock.advance(3001);
  fanout.push(delta('d3'));
  expect(reader.droppedGops).toBe(1);
  socket.open = true;
  socket.drain();
  fanout.push(delta('d4'));
  expect(socket.seen).toEqual(['start a', 'k1']);
  fanout.push(key('k2'));
  expect(socket.seen).toEqual(['start a', 'k1', 'k2']);
  expect(reader.droppedBytes).toBe(200);
});

test('a new stream empties the queues and comes before its pictures', () => {
  const { fanout } = create();
  fanout.start('a');
  const socket = new Socket();
  fanout.attach(socket);
  socket.open = false;
  for (const item of [key('k1', 100), delta('old')]) fanout.push(item);
  fanout.start('b');
  socket.open = true;
  socket.drain();
  fanout.push(delta('stray'));
  fanout.push(key('k2'));
  expect(socket.seen).toEqual(['start a', 'k1', 'start b', 'k2']);
});

test('a GOP too long to keep is not handed to those who join; those who watch go on', () => {
  const { fanout } = create();
  fanout.start('a');
  const early = new Socket();
  fanout.attach(early);
  fanout.push(key('k1', 600));
  fanout.push(delta('d1', 600));
  const late = new Socket();
  fanout.attach(late);
  fanout.push(delta('d2'));
  expect(early.seen).toEqual(['start a', 'k1', 'd1', 'd2']);
  expect(late.seen).toEqual(['start a']);
});

test('who has left gets nothing more; the removal of the source is told to those who are there', () => {
  const { fanout } = create();
  fanout.start('a');
  const gone = new Socket();
  const there = new Socket();
  fanout.attach(gone).detach();
  fanout.attach(there);
  fanout.push(key('k1'));
  fanout.end();
  fanout.push(key('k2'));
  expect(gone.seen).toEqual(['start a']);
  expect(there.seen).toEqual(['start a', 'k1', 'end']);
  expect(fanout.readerCount).toBe(0);
});
