/** One case: its facts, what was collected in it, and handing all of it over. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download, FolderCheck, FolderOpen, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CaseDetail } from '../../../shared/cases.ts';
import { casesApi } from '../../client/cases-api.ts';
import { Link, navigate } from '../../client/router.tsx';
import { formatMoment } from '../../client/time-format.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Page } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { CaseDialog } from './CaseDialog.tsx';
import { CaseExportDialog } from './CaseExportDialog.tsx';
import { CaseItems } from './CaseItems.tsx';
import styles from './Cases.module.css';
import { useCase } from './use-cases.ts';

const PARENT = { to: '/cases', label: t`Cases` };

export function CasePage({ id = '' }: { id?: string }) {
  const { value, error, errorStatus, refresh } = useCase(id);
  if (value) return <OpenedCase one={value} />;
  return (
    <Page title={t`Case`} width="read" parent={PARENT}>
      {error ? (
        <ErrorNote
          {...(errorStatus === 404 ? {} : { onRetry: refresh })}
          action={
            <Link to="/cases">
              <Trans>All cases</Trans>
            </Link>
          }
        >
          {error}
        </ErrorNote>
      ) : (
        <Loading label={t`Loading case`}>
          <Skeleton height={96} />
        </Loading>
      )}
    </Page>
  );
}

function OpenedCase({ one }: { one: CaseDetail }) {
  const [asked, setAsked] = useState<'change' | 'delete' | 'export' | null>(null);
  const close = (open: boolean) => !open && setAsked(null);
  const hasFootage = one.items.some(({ kind }) => kind !== 'export');
  const turn = async () => {
    const state = one.state === 'open' ? 'closed' : 'open';
    await casesApi.patchCase(one.id, { state });
    showToast(state === 'open' ? t`Case opened again` : t`Case closed`);
  };
  const remove = async () => {
    await casesApi.removeCase(one.id);
    showToast(t`Case deleted`);
    navigate('/cases');
  };
  return (
    <Page
      title={one.title}
      width="read"
      parent={PARENT}
      actions={
        <Button
          tone="primary"
          icon={Download}
          disabled={!hasFootage}
          title={hasFootage ? undefined : t`There is no footage in this case yet`}
          onClick={() => setAsked('export')}
        >
          <Trans>Export case</Trans>
        </Button>
      }
    >
      <div className={styles.head}>
        <Badge>{one.state === 'open' ? t`Open` : t`Closed`}</Badge>
        {one.reference !== '' && <span className={styles.reference}>{one.reference}</span>}
        <small>
          <Trans>
            made by {one.createdBy}, {formatMoment(one.createdEpochMs)}
          </Trans>
        </small>
        <span className={styles.buttons}>
          <Button tone="quiet" icon={Pencil} onClick={() => setAsked('change')}>
            <Trans>Change</Trans>
          </Button>
          <Button
            tone="quiet"
            icon={one.state === 'open' ? FolderCheck : FolderOpen}
            onClick={() => void turn().catch(showProblem)}
          >
            {one.state === 'open' ? t`Close case` : t`Open again`}
          </Button>
          <Button tone="quiet" icon={Trash2} onClick={() => setAsked('delete')}>
            <Trans>Delete</Trans>
          </Button>
        </span>
      </div>
      {one.notes !== '' && <p className={styles.notes}>{one.notes}</p>}
      <CaseItems one={one} />
      <CaseDialog open={asked === 'change'} onOpenChange={close} one={one} />
      <CaseExportDialog open={asked === 'export'} onOpenChange={close} one={one} />
      <ConfirmDialog
        open={asked === 'delete'}
        onOpenChange={close}
        title={t`Delete this case?`}
        description={t`“${one.title}” with its notes and the list of its ${one.items.length} entries is deleted. Footage, locks, bookmarks and exports stay.`}
        action={t`Delete case`}
        onConfirm={() => void remove().catch(showProblem)}
      />
    </Page>
  );
}
