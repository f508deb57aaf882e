/** What the manifest says: who exported which footage, when and why, what is missing in it, and every file with its digest. */
import type { EvidenceCamera, EvidenceManifest } from '../shared/evidence.ts';
import { element } from './dom.ts';
import { formatLength, formatMoment } from './time.ts';

export function buildFacts(manifest: EvidenceManifest): HTMLElement {
  const { timeZone, installation, auditLine } = manifest;
  const moment = (epochMs: number) => formatMoment(epochMs, timeZone);
  const facts: Array<[string, string]> = [
    ['From', moment(manifest.fromEpochMs)],
    ['To', moment(manifest.toEpochMs)],
    ['Reason', manifest.reason],
    ['Exported by', manifest.createdBy],
    ['Exported at', moment(Date.parse(manifest.created))],
    ['Time zone', timeZone],
    ['Recorder', `${installation.program}, installation ${installation.id}`],
    ...(auditLine
      ? [['Line of its audit log', `${auditLine.sequence} (${auditLine.hash})`] as [string, string]]
      : []),
  ];
  return element(
    'section',
    { class: 'facts' },
    element('h2', {}, 'What this is'),
    element(
      'dl',
      {},
      ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
    ),
    element('h2', {}, 'Times without recording'),
    ...manifest.cameras.map((camera) => buildGaps(camera, moment)),
    element(
      'details',
      {},
      element('summary', {}, `All ${manifest.files.length} signed files`),
      element(
        'ul',
        { class: 'files' },
        ...manifest.files.map(({ path, sizeBytes, sha256 }) =>
          element('li', {}, element('strong', {}, path), ` ${sizeBytes} bytes `, element('code', {}, sha256)),
        ),
      ),
    ),
  );
}

function buildGaps({ name, gaps }: EvidenceCamera, moment: (epochMs: number) => string): HTMLElement {
  const words = (gap: EvidenceCamera['gaps'][number]) =>
    `${moment(gap.fromEpochMs)}, ${formatLength(gap.toEpochMs - gap.fromEpochMs)}: ${gap.detail}`;
  return element(
    'div',
    { class: 'gaps' },
    element('h3', {}, name),
    gaps.length === 0
      ? element('p', {}, 'None: it is recorded without a gap.')
      : element('ul', {}, ...gaps.map((gap) => element('li', {}, words(gap)))),
  );
}
