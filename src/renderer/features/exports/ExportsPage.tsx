/** Exports that wait, run and have ended, with their files; and the drives that are plugged in. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Scissors } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExportJob } from '../../../shared/contract-exports.ts';
import { Link } from '../../client/router.tsx';
import { onServerConnected, onServerMessage } from '../../client/server-events.ts';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import { DrivesSection } from './DrivesSection.tsx';
import { ExportRow } from './ExportRow.tsx';
import styles from './ExportsPage.module.css';
import { useExports } from './exports-store.ts';

export function ExportsPage() {
  const jobs = useExports((state) => state.jobs);
  const problem = useExports((state) => state.problem);
  const [removing, setRemoving] = useState<ExportJob | null>(null);
  useEffect(() => {
    const { refresh, put } = useExports.getState();
    void refresh();
    const stopMessages = onServerMessage((message) => {
      if (message.kind === 'export') put(message.job);
    });
    const stopConnected = onServerConnected(() => void refresh());
    return () => {
      stopMessages();
      stopConnected();
    };
  }, []);
  return (
    <Page title={t`Exports`} width="read">
      {problem && (
        <ErrorNote onRetry={() => void useExports.getState().refresh()}>
          <Trans>The exports cannot be shown. {problem}</Trans>
        </ErrorNote>
      )}
      <DrivesSection />
      {!jobs && !problem && (
        <Loading label={t`Loading exports`} className={styles.list}>
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} height={56} style={{ margin: '8px 0' }} />
          ))}
        </Loading>
      )}
      {jobs?.length === 0 && (
        <EmptyState
          icon={Scissors}
          title={t`Nothing exported yet`}
          action={
            <Link to="/archive">
              <Trans>Go to the archive</Trans>
            </Link>
          }
        >
          <Trans>
            Select a range on the archive's timeline and choose Export. Clips and evidence packages appear
            here.
          </Trans>
        </EmptyState>
      )}
      {jobs && jobs.length > 0 && (
        <ul className={styles.list} aria-label={t`Exports`}>
          {jobs.map((job) => (
            <ExportRow key={job.id} job={job} onRemove={() => setRemoving(job)} />
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => {
          if (!open) setRemoving(null);
        }}
        title={t`Remove this export?`}
        description={t`${removing?.name ?? ''} is deleted from the recorder. The recording itself stays.`}
        action={t`Remove export`}
        onConfirm={() => {
          if (removing) useExports.getState().remove(removing.id).catch(showProblem);
          setRemoving(null);
        }}
      />
    </Page>
  );
}
