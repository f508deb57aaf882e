/**
 * RTP packets of ONVIF metadata (ONVIF Streaming Specification, 5.1.2.1.1), in order → XML documents. A document spans packets of one
 * timestamp; the marker bit ends it. One with a lost packet is dropped and counted.
 */
import type { RtpPacket } from './rtp.ts';

export const METADATA_ENCODING = 'VND.ONVIF.METADATA';
const MAX_DOCUMENT_BYTES = 256 * 1024;

export class MetadataDepacketizer {
  private readonly onDocument: (xml: string) => void;
  private parts: Buffer[] = [];
  private bytes = 0;
  private damaged = false;
  readonly counts = { units: 0, damaged: 0 };

  constructor(onDocument: (xml: string) => void) {
    this.onDocument = onDocument;
  }

  push({ payload, marker }: RtpPacket, lost: number): void {
    this.bytes += payload.length;
    if (lost > 0 || this.bytes > MAX_DOCUMENT_BYTES) this.damaged = true;
    if (this.damaged) this.parts = [];
    else this.parts.push(Buffer.from(payload));
    if (marker) this.end();
  }

  private end(): void {
    const { parts, damaged } = this;
    this.parts = [];
    this.bytes = 0;
    this.damaged = false;
    if (damaged) this.counts.damaged++;
    else {
      this.counts.units++;
      this.onDocument(Buffer.concat(parts).toString('utf8'));
    }
  }
}
