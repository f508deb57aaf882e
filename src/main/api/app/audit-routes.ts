/** The audit log and the key that signs evidence, for the UI. Registered inside the authenticated scope. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import {
  type AuditLine,
  type AuditPage,
  AuditQuerySchema,
  type EvidenceKeyView,
} from '../../../shared/contract-exports.ts';
import type { EvidenceSigner } from '../../archive/evidence-package.ts';
import type { AuditStore } from '../../store/audit.ts';
import { forAdministrators, forOperators } from './rights.ts';
import { dispositionOf } from './send-file.ts';

export interface AuditRouteDeps {
  audit: Pick<AuditStore, 'list' | 'all' | 'verify'>;
  /** Writes down what waits to be joined into one line. */
  flush(): void;
  signer: EvidenceSigner;
}

export function registerAuditRoutes(app: FastifyInstance, { audit, flush, signer }: AuditRouteDeps): void {
  app.get('/audit', forAdministrators, async (request): Promise<AuditPage> => {
    flush();
    const { before, limit } = AuditQuerySchema.parse(request.query);
    return { lines: audit.list(limit, before), verification: await audit.verify() };
  });

  app.get('/audit.csv', forAdministrators, (_request, reply) => {
    flush();
    reply.header('content-disposition', dispositionOf('audit-log.csv')).type('text/csv; charset=utf-8');
    return reply.send(Readable.from(buildCsv(audit.all()), { objectMode: false }));
  });

  app.get('/evidence-key', forOperators, (): EvidenceKeyView => {
    const { installationId, publicPem, fingerprint } = signer;
    return { installationId, publicPem, fingerprint };
  });

  app.get('/evidence-key.pem', forOperators, (_request, reply) => {
    reply.header('content-disposition', dispositionOf('public-key.pem')).type('application/x-pem-file');
    return reply.send(signer.publicPem);
  });
}

const COLUMNS = [
  ...['line', 'time', 'action', 'who', 'address', 'cameras', 'from', 'to', 'reason', 'detail'],
  ...['previous_hash', 'hash'],
];

function* buildCsv(pages: Iterable<AuditLine[]>): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const lines of pages)
    yield lines.map((line) => `${cellsOf(line).map(buildCell).join(',')}\r\n`).join('');
}

function cellsOf(line: AuditLine): string[] {
  const time = (epochMs: number | null) => (epochMs === null ? '' : new Date(epochMs).toISOString());
  const cameras = line.cameras.map(({ name }) => name).join('; ');
  return [
    ...[String(line.sequence), time(line.atEpochMs), line.action, line.actor, line.address, cameras],
    ...[time(line.fromEpochMs), time(line.toEpochMs), line.reason, line.detail, line.prevHash, line.hash],
  ];
}

/** Spreadsheets take what begins with these signs for a formula. */
function buildCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
