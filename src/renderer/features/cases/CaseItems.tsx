/** What was collected in a case, oldest footage first: each with its picture, and the way to where it is. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Bookmark, Download, Film, Lock, type LucideIcon, X, Zap } from 'lucide-react';
import type { CaseDetail, CaseItem } from '../../../shared/cases.ts';
import { urls } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { casesApi } from '../../client/cases-api.ts';
import { Link } from '../../client/router.tsx';
import { formatSpan } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { bookmarkTimes, rangePath } from '../bookmarks/bookmark-words.ts';
import styles from './Cases.module.css';

const KINDS: Record<CaseItem['kind'], { icon: LucideIcon; word: string }> = {
  footage: { icon: Film, word: t`Footage` },
  bookmark: { icon: Bookmark, word: t`Bookmark` },
  event: { icon: Zap, word: t`Event` },
  lock: { icon: Lock, word: t`Lock` },
  export: { icon: Download, word: t`Export` },
};

export function CaseItems({ one }: { one: CaseDetail }) {
  if (one.items.length === 0)
    return (
      <EmptyState
        icon={Film}
        title={t`Nothing in this case yet`}
        action={
          <Link to="/archive">
            <Trans>Go to the archive</Trans>
          </Link>
        }
      >
        <Trans>Select a range on the archive's timeline, or open an event, and choose Add to case.</Trans>
      </EmptyState>
    );
  return (
    <ul className={styles.list} aria-label={t`In this case`}>
      {one.items.map((item) => (
        <ItemRow key={item.id} caseId={one.id} item={item} />
      ))}
    </ul>
  );
}

function ItemRow({ caseId, item }: { caseId: string; item: CaseItem }) {
  const cameras = useCameras((state) => state.cameras);
  const names = item.cameraIds.map((id) => cameras?.find((one) => one.id === id)?.name ?? t`Deleted camera`);
  const { icon: Icon, word } = KINDS[item.kind];
  const what = item.label === '' ? word : `${word}, ${names.join(', ')}`;
  const title = item.label === '' ? names.join(', ') : item.label;
  const remove = async () => {
    await casesApi.removeCaseItem(caseId, item.id);
    const { kind, sourceId, cameraIds, startEpochMs, endEpochMs, label } = item;
    const again = { kind, sourceId, cameraIds, startEpochMs, endEpochMs, label };
    showToast(t`Taken out of the case`, {
      undo: () => void casesApi.addCaseItem(caseId, again).catch(showProblem),
    });
  };
  return (
    <li className={styles.row}>
      <img
        className={styles.picture}
        src={urls.archiveFrame(item.cameraIds[0] ?? '', pictureEpochMs(item), 320)}
        alt=""
        loading="lazy"
      />
      <span className={styles.words}>
        <Link to={pathOf(item)} className={styles.title}>
          {title}
        </Link>
        <span className={styles.quiet}>
          {bookmarkTimes(item)}
          {item.endEpochMs > item.startEpochMs && `, ${formatSpan(item.endEpochMs - item.startEpochMs)}`}
        </span>
        <small className={styles.kind}>
          <Icon size={12} aria-hidden="true" />{' '}
          <Trans>
            {what}, added by {item.addedBy}
          </Trans>
        </small>
      </span>
      <IconButton
        icon={X}
        label={t`Take ${title} out of the case`}
        onClick={() => void remove().catch(showProblem)}
      />
    </li>
  );
}

function pathOf(item: CaseItem): string {
  if (item.kind === 'event' && item.sourceId) return `/events/${item.sourceId}`;
  return item.kind === 'export' ? '/exports' : rangePath(item);
}

/** Where something is likely to be seen. */
function pictureEpochMs({ startEpochMs, endEpochMs }: CaseItem): number {
  return Math.round((startEpochMs + endEpochMs) / 2);
}
