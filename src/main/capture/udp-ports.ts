/** A pair of UDP ports for one RTP track: even for media, the next for reports. Takes packets only from the camera's host. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { CaptureFailure } from './failure.ts';

export interface UdpPortsOptions {
  /** Packets of other hosts are passed over. */
  remoteHost: string;
  onMedia(packet: Buffer): void;
  onReport(packet: Buffer): void;
}

const ATTEMPTS = 50;
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export class UdpPorts {
  readonly mediaPort: number;
  private readonly media: Socket;
  private readonly report: Socket;
  private readonly remoteHost: string;
  private remoteReportPort = 0;

  private constructor(media: Socket, report: Socket, options: UdpPortsOptions) {
    this.media = media;
    this.report = report;
    this.mediaPort = media.address().port;
    this.remoteHost = options.remoteHost;
    const own = plainAddress(options.remoteHost);
    media.on('message', (packet, from) => {
      if (plainAddress(from.address) === own) options.onMedia(packet);
    });
    report.on('message', (packet, from) => {
      if (plainAddress(from.address) === own) options.onReport(packet);
    });
    // A camera that has gone answers with ICMP errors; the watch over the frames notices that it is silent.
    for (const socket of [media, report]) socket.on('error', () => {});
  }

  /** Throws CaptureFailure when no pair of ports is free. */
  static async open(options: UdpPortsOptions): Promise<UdpPorts> {
    const family = isIPv6(options.remoteHost) ? 'udp6' : 'udp4';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const media = await bind(family, 0);
      const port = media?.address().port ?? 0;
      const report = media && port % 2 === 0 && port < 65_535 ? await bind(family, port + 1) : null;
      if (media && report) return new UdpPorts(media, report, options);
      media?.close();
    }
    throw new CaptureFailure(
      'camera-unreachable',
      'No UDP ports are free on this computer',
      'Choose TCP as the transport of this camera.',
    );
  }

  /** Tells where the camera sends from; an empty packet to each port opens the way through a firewall. */
  aim(remoteMediaPort: number, remoteReportPort: number): void {
    this.remoteReportPort = remoteReportPort;
    const opener = Buffer.from([0x80, 0xc9, 0x00, 0x01, 0, 0, 0, 0]);
    if (remoteMediaPort > 0) this.media.send(opener, remoteMediaPort, this.remoteHost);
    this.sendReport(opener);
  }

  sendReport(packet: Buffer): void {
    if (this.remoteReportPort > 0) this.report.send(packet, this.remoteReportPort, this.remoteHost);
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.media, this.report].map((socket) => new Promise<void>((done) => socket.close(() => done()))),
    );
  }
}

function bind(family: 'udp4' | 'udp6', port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket(family);
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind(port, () => {
      socket.removeAllListeners('error');
      try {
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      } catch {
        // The system's limit is lower: its own size then.
      }
      resolve(socket);
    });
  });
}

/** `::ffff:10.0.0.2` and `10.0.0.2` are the same host. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '').replace(/%.*$/, '');
}
