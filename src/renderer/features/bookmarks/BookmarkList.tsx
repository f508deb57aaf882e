/** All bookmarks with a search over their words; each leads to its footage, and can be changed and deleted. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Bookmark as BookmarkIcon, FolderPlus, Pencil, Trash2 } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Bookmark } from '../../../shared/bookmarks.ts';
import { bookmarksApi } from '../../client/bookmarks-api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { Link } from '../../client/router.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { AddToCaseDialog } from '../cases/AddToCaseDialog.tsx';
import { BookmarkDialog } from './BookmarkDialog.tsx';
import styles from './Bookmarks.module.css';
import { bookmarkTimes, rangePath } from './bookmark-words.ts';
import { MOST_LISTED, useBookmarks } from './use-bookmarks.ts';

/** `onJump`: after one was chosen. */
export function BookmarkList({ onJump }: { onJump?: () => void }) {
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const { value, error, refresh } = useBookmarks(text);
  const [changing, setChanging] = useState<Bookmark | null>(null);
  const [collecting, setCollecting] = useState<Bookmark | null>(null);
  return (
    <div className={styles.panel}>
      <TextField
        label={t`Search bookmarks`}
        hideLabel
        type="search"
        placeholder={t`Search titles and notes`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && (
        <ErrorNote onRetry={refresh}>
          <Trans>The bookmarks cannot be shown. {error}</Trans>
        </ErrorNote>
      )}
      {!value && !error && (
        <Loading label={t`Loading bookmarks`}>
          <Skeleton height={44} />
        </Loading>
      )}
      {value?.length === 0 &&
        (text === '' ? (
          <EmptyState icon={BookmarkIcon} title={t`No bookmarks yet`}>
            <Trans>
              In the archive, <Kbd keys="B" /> marks the moment that is shown, or the range that is selected.
            </Trans>
          </EmptyState>
        ) : (
          <p className={styles.none}>
            <Trans>No bookmark holds these words.</Trans>
          </p>
        ))}
      {value && value.length > 0 && (
        <ul className={styles.list} aria-label={t`Bookmarks`}>
          {value.map((bookmark) => (
            <BookmarkRow
              key={bookmark.id}
              bookmark={bookmark}
              onJump={onJump}
              onChange={() => setChanging(bookmark)}
              onCollect={() => setCollecting(bookmark)}
            />
          ))}
        </ul>
      )}
      {value?.length === MOST_LISTED && (
        <p className={styles.none}>
          <Trans>These are the newest {MOST_LISTED}. Search for the others.</Trans>
        </p>
      )}
      {collecting && (
        <AddToCaseDialog
          open
          onOpenChange={(open) => !open && setCollecting(null)}
          item={{
            ...{ kind: 'bookmark', sourceId: collecting.id, cameraIds: collecting.cameraIds },
            ...{ startEpochMs: collecting.startEpochMs, endEpochMs: collecting.endEpochMs },
            label: collecting.title,
          }}
        />
      )}
      {changing && (
        <BookmarkDialog
          open
          onOpenChange={(open) => !open && setChanging(null)}
          cameraIds={changing.cameraIds}
          range={changing}
          bookmark={changing}
        />
      )}
    </div>
  );
}

function BookmarkRow(props: {
  bookmark: Bookmark;
  onJump?: (() => void) | undefined;
  onChange: () => void;
  onCollect: () => void;
}) {
  const { bookmark, onJump, onChange, onCollect } = props;
  const cameras = useCameras((state) => state.cameras);
  const names = bookmark.cameraIds.map(
    (id) => cameras?.find((camera) => camera.id === id)?.name ?? t`Deleted camera`,
  );
  const remove = async () => {
    await bookmarksApi.removeBookmark(bookmark.id);
    const { cameraIds, startEpochMs, endEpochMs, title, note, colour } = bookmark;
    const again = { cameraIds, startEpochMs, endEpochMs, title, note, colour };
    showToast(t`Bookmark deleted`, { undo: () => void bookmarksApi.addBookmark(again).catch(showProblem) });
  };
  return (
    <li className={styles.row}>
      <span className={styles.flag} data-colour={bookmark.colour} aria-hidden="true" />
      <span className={styles.words}>
        <Link to={rangePath(bookmark)} className={styles.title} onClick={onJump}>
          {bookmark.title}
        </Link>
        {bookmark.note !== '' && <span className={styles.note}>{bookmark.note}</span>}
        <small>
          <Trans>
            {names.join(', ')}, {bookmarkTimes(bookmark)}, by {bookmark.createdBy}
          </Trans>
        </small>
      </span>
      <span className={styles.buttons}>
        <IconButton icon={FolderPlus} label={t`Add ${bookmark.title} to case`} onClick={onCollect} />
        <IconButton icon={Pencil} label={t`Change ${bookmark.title}`} onClick={onChange} />
        <IconButton
          icon={Trash2}
          label={t`Delete ${bookmark.title}`}
          onClick={() => void remove().catch(showProblem)}
        />
      </span>
    </li>
  );
}
