/** The audit log: who saw and took which footage, and whether every line is there as it was written. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { AuditLine } from '../../../shared/contract-exports.ts';
import { exportsApi, exportUrls } from '../../client/exports-api.ts';
import { useResource } from '../../client/resource.ts';
import {
  formatDayInSentence,
  formatMoment,
  formatSpan,
  formatTimeSeconds,
  formatZone,
} from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { DownloadLink } from '../../ui/DownloadLink.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import styles from './AuditSection.module.css';

const PAGE_LINES = 50;
const ACTION_WORDS: Record<AuditLine['action'], string> = {
  playback: t`Played footage`,
  pictures: t`Saw recorded pictures`,
  'export-asked': t`Asked for an export`,
  'export-done': t`Export finished`,
  'export-failed': t`Export failed`,
  'export-cancelled': t`Export cancelled`,
  'export-downloaded': t`Downloaded an export`,
  'export-removed': t`Removed an export`,
  'share-made': t`Shared footage`,
  'share-removed': t`Removed a shared link`,
  'lock-made': t`Locked footage`,
  'lock-changed': t`Changed a lock`,
  'lock-removed': t`Released locked footage`,
  'case-removed': t`Deleted a case`,
  'share-seen': t`Saw shared footage`,
  'signed-in': t`Signed in`,
  'sign-in-refused': t`Sign-in with a wrong password`,
  'account-added': t`Added an account`,
  'account-changed': t`Changed an account`,
  'account-removed': t`Deleted an account`,
  'password-changed': t`Changed their own password`,
  'network-changed': t`Changed the network settings`,
};

export function AuditSection() {
  const newest = useResource('audit', (signal) => exportsApi.audit({ limit: PAGE_LINES }, signal));
  const [older, setOlder] = useState<AuditLine[]>([]);
  const [isEnd, setEnd] = useState(false);
  const page = newest.value;
  const lines = page ? [...page.lines, ...older] : [];
  async function more() {
    try {
      const next = await exportsApi.audit({ before: lines.at(-1)?.sequence, limit: PAGE_LINES });
      setOlder([...older, ...next.lines]);
      setEnd(next.lines.length < PAGE_LINES);
    } catch (thrown) {
      showProblem(thrown);
    }
  }
  return (
    <Section
      title={t`Audit log`}
      note={t`Who saw and took which footage. Lines are never changed or deleted.`}
      actions={
        <DownloadLink href={exportUrls.auditCsv} download="audit-log.csv">
          <Trans>Download as CSV</Trans>
        </DownloadLink>
      }
    >
      {newest.error && <ErrorNote onRetry={newest.refresh}>{newest.error}</ErrorNote>}
      {!page && !newest.error && (
        <Loading label={t`Loading the audit log`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {page && !page.verification.whole && (
        <ErrorNote onRetry={newest.refresh}>
          <Trans>
            The log is not as it was written. {page.verification.problem} Somebody with access to the
            recorder's files has changed it.
          </Trans>
        </ErrorNote>
      )}
      {page?.verification.whole && (
        <p className={styles.quiet}>
          {page.verification.lineCount === 0
            ? t`No line yet.`
            : plural(page.verification.lineCount, {
                one: 'The one line is there, as it was written.',
                other: 'All # lines are there, as they were written.',
              })}
        </p>
      )}
      {lines.length > 0 && (
        <ol className={styles.lines} aria-label={t`Audit log`}>
          {lines.map((line) => (
            <AuditRow key={line.sequence} line={line} />
          ))}
        </ol>
      )}
      {!isEnd && lines.length >= PAGE_LINES && (
        <div className={styles.more}>
          <Button onClick={() => void more()}>
            <Trans>Show older lines</Trans>
          </Button>
        </div>
      )}
    </Section>
  );
}

function AuditRow({ line }: { line: AuditLine }) {
  const cameras = line.cameras.map(({ name }) => name || t`a deleted camera`).join(', ');
  return (
    <li className={styles.line}>
      <span className={styles.time}>
        {formatMoment(line.atEpochMs)}
        <small>
          <Trans>Line {line.sequence}</Trans>
        </small>
      </span>
      <span className={styles.words}>
        <span>
          {ACTION_WORDS[line.action]}
          {cameras && `: ${cameras}`}
        </span>
        {line.fromEpochMs !== null && line.toEpochMs !== null && (
          <small>{footageWords(line.fromEpochMs, line.toEpochMs)}</small>
        )}
        {(line.reason || line.detail) && (
          <small>{[line.reason, line.detail].filter((words) => words !== '').join('. ')}</small>
        )}
        <small>{[line.actor, line.address].filter((words) => words !== '').join(', ')}</small>
      </span>
    </li>
  );
}

function footageWords(fromEpochMs: number, toEpochMs: number): string {
  const zone = formatZone(fromEpochMs);
  const from = `${formatDayInSentence(fromEpochMs)} ${formatTimeSeconds(fromEpochMs)}`;
  if (toEpochMs - fromEpochMs < 1000) return t`Recorded ${from} ${zone}`;
  return t`Recorded ${from} to ${formatTimeSeconds(toEpochMs)} ${zone}, ${formatSpan(toEpochMs - fromEpochMs)}`;
}
