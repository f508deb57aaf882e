/** What is shared by link, each with the way to end it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ShareLink } from '../../../shared/share-links.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { shareLinksApi } from '../../client/share-links-api.ts';
import { formatMoment } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from '../bookmarks/Bookmarks.module.css';
import { rangeWords } from '../locks/lock-words.ts';

export function ShareLinkList() {
  const { value, error, refresh } = useResource('share-links', shareLinksApi.shareLinks);
  const [removing, setRemoving] = useState<ShareLink | null>(null);
  const remove = async ({ id }: ShareLink) => {
    await shareLinksApi.removeShareLink(id);
    showToast(t`Link removed`);
    refresh();
  };
  return (
    <div className={styles.panel}>
      {error && (
        <ErrorNote onRetry={refresh}>
          <Trans>The links cannot be shown. {error}</Trans>
        </ErrorNote>
      )}
      {!value && !error && (
        <Loading label={t`Loading links`}>
          <Skeleton height={44} />
        </Loading>
      )}
      {value?.length === 0 && (
        <EmptyState icon={Link2} title={t`Nothing is shared by link`}>
          <Trans>Select a range in the archive and choose Share.</Trans>
        </EmptyState>
      )}
      {value && value.length > 0 && (
        <ul className={styles.list} aria-label={t`Shared links`}>
          {value.map((link) => (
            <LinkRow key={link.id} link={link} onRemove={() => setRemoving(link)} />
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t`Remove this link?`}
        description={t`Nobody can open “${removing?.name ?? ''}” any more.`}
        action={t`Remove link`}
        onConfirm={() => {
          if (removing) void remove(removing).catch(showProblem);
          setRemoving(null);
        }}
      />
    </div>
  );
}

function LinkRow({ link, onRemove }: { link: ShareLink; onRemove: () => void }) {
  const cameras = useCameras((state) => state.cameras);
  const { name, cameraIds, startEpochMs, endEpochMs, createdEpochMs } = link;
  const names = cameraIds.map((id) => cameras?.find((one) => one.id === id)?.name ?? t`Deleted camera`);
  const isBounded = startEpochMs !== null && endEpochMs !== null;
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <span className={styles.title}>{name}</span>
        <small>
          {names.length > 0 ? names.join(', ') : t`All cameras`}
          {isBounded && `, ${rangeWords({ startEpochMs, endEpochMs })}`}
          {`, ${t`made ${formatMoment(createdEpochMs)}`}`}
        </small>
      </span>
      <IconButton icon={Trash2} label={t`Remove link ${name}`} onClick={onRemove} />
    </li>
  );
}
