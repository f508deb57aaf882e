/** Where the packets of one track go: interleaved in the RTSP connection, or over a pair of UDP sockets. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import { buildInterleaved } from '../media/rtsp/message.ts';

export interface PacketTransport {
  /** Bytes not yet taken by the other end; always 0 over UDP, where what the network cannot take is lost. */
  readonly bufferedBytes: number;
  /** The `Transport` header of the answer to SETUP. */
  readonly header: string;
  sendRtp(packets: Buffer[], sent: () => void): void;
  sendRtcp(packet: Buffer): void;
  close(): void;
}

export type TransportRequest =
  | { kind: 'interleaved'; channels: [number, number] | null }
  | { kind: 'udp'; clientPorts: [number, number] };

/** The first alternative of a `Transport` header that we can do; null when there is none. */
export function parseTransport(header: string | null): TransportRequest | null {
  for (const alternative of (header ?? '').split(',')) {
    const [profile = '', ...parameters] = alternative.split(';').map((part) => part.trim());
    const values = new Map(
      parameters.map((part) => {
        const [name = '', value = ''] = part.split('=');
        return [name.toLowerCase(), value];
      }),
    );
    if (values.has('multicast')) continue;
    const mode = profile.toUpperCase();
    if (mode === 'RTP/AVP/TCP') {
      return { kind: 'interleaved', channels: parsePair(values.get('interleaved'), 255) };
    }
    const clientPorts = parsePair(values.get('client_port'), 65_535);
    if ((mode === 'RTP/AVP' || mode === 'RTP/AVP/UDP') && clientPorts && clientPorts[0] > 0) {
      return { kind: 'udp', clientPorts };
    }
  }
  return null;
}

function parsePair(text: string | undefined, max: number): [number, number] | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '');
  if (!match) return null;
  const first = Number(match[1]);
  const second = match[2] === undefined ? first + 1 : Number(match[2]);
  return first <= max && second <= max ? [first, second] : null;
}

export function createInterleavedTransport(socket: Socket, channels: [number, number]): PacketTransport {
  return {
    get bufferedBytes() {
      return socket.writableLength;
    },
    header: `RTP/AVP/TCP;unicast;interleaved=${channels[0]}-${channels[1]}`,
    sendRtp(packets, sent) {
      if (!socket.writable) return sent();
      const frames = packets.map((packet) => buildInterleaved(channels[0], packet));
      socket.write(Buffer.concat(frames), () => sent());
    },
    sendRtcp(packet) {
      if (socket.writable) socket.write(buildInterleaved(channels[1], packet));
    },
    close() {},
  };
}

/**
 * Sends to the peer of the RTSP connection only, whatever the client asks for: the server must not be made to flood others.
 * `heard` is called when the client reports on RTCP. Throws 'unavailable' when no ports are to be had.
 */
export async function createUdpTransport(
  host: string,
  peer: string,
  clientPorts: [number, number],
  heard: () => void,
): Promise<PacketTransport> {
  const [rtp, rtcp] = await bindPair(host);
  rtcp.on('message', (_bytes, from) => {
    if (from.address === peer) heard();
  });
  // What cannot be sent is lost, as anything over UDP may be.
  for (const socket of [rtp, rtcp]) socket.on('error', () => {});
  const ports = [rtp, rtcp].map((socket) => socket.address().port).join('-');
  return {
    bufferedBytes: 0,
    header: `RTP/AVP;unicast;client_port=${clientPorts.join('-')};server_port=${ports}`,
    sendRtp(packets, sent) {
      for (const packet of packets) rtp.send(packet, clientPorts[0], peer);
      sent();
    },
    sendRtcp: (packet) => rtcp.send(packet, clientPorts[1], peer),
    close() {
      rtp.close();
      rtcp.close();
    },
  };
}

const PAIR_ATTEMPTS = 20;

/** RTP on an even port, RTCP on the next. */
async function bindPair(host: string): Promise<[UdpSocket, UdpSocket]> {
  for (let attempt = 0; attempt < PAIR_ATTEMPTS; attempt++) {
    const rtp = await bind(host, 0);
    const port = rtp?.address().port ?? 1;
    const rtcp = rtp && port % 2 === 0 ? await bind(host, port + 1) : null;
    if (rtp && rtcp) return [rtp, rtcp];
    rtp?.close();
  }
  throw new AppError('unavailable', 'No pair of UDP ports is free');
}

function bind(host: string, port: number): Promise<UdpSocket | null> {
  return new Promise((done) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      done(null);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      done(socket);
    });
  });
}
