/** The selection's length and ends, and what can be done with it. Always there, so that nothing moves when one is made. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import {
  Bookmark,
  Download,
  FolderPlus,
  LibraryBig,
  Link2,
  LocateFixed,
  Lock,
  Minus,
  Plus,
  Scissors,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { MAX_EXPORT_MS } from '../../../shared/contract-exports.ts';
import { formatDay, formatSpan, formatTimeSeconds, formatZone } from '../../client/time-format.ts';
import { Dot, type Hue } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { BookmarkDialog } from '../bookmarks/BookmarkDialog.tsx';
import { BookmarkList } from '../bookmarks/BookmarkList.tsx';
import { AddToCaseDialog } from '../cases/AddToCaseDialog.tsx';
import { ExportDialog } from '../exports/ExportDialog.tsx';
import { LockDialog } from '../locks/LockDialog.tsx';
import { ShareDialog } from '../share-links/ShareDialog.tsx';
import styles from './ArchivePage.module.css';
import { useArchive } from './archive-store.ts';
import type { ArchiveCommands } from './use-archive-commands.ts';

const LEGEND: ReadonlyArray<[Hue, string]> = [
  ['person', t`Person`],
  ['vehicle', t`Vehicle`],
  ['animal', t`Animal`],
  ['motion', t`Motion`],
  ['alarm', t`Tailgating`],
];

/** A dialog for the selection. */
type Asked = 'lock' | 'case' | 'share';

export function SelectionBar({ commands }: { commands: ArchiveCommands }) {
  const away = useArchive((state) => state.away);
  const selection = useArchive((state) => state.selection);
  const shownCameraIds = useArchive((state) => state.shownCameraIds);
  const exporting = useArchive((state) => state.exporting);
  const bookmarking = useArchive((state) => state.bookmarking);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [listing, setListing] = useState(false);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only keeps a click from taking the focus */}
      <div className={styles.below} onMouseDown={(event) => event.preventDefault()}>
        <Selection commands={commands} onAsk={setAsked} />
        <ul className={styles.legend} aria-label={t`Colours of the marks`}>
          {LEGEND.map(([hue, name]) => (
            <li key={hue}>
              <Dot hue={hue} /> {name}
            </li>
          ))}
          <li>
            <span className={styles.alertMark} /> <Trans>Frozen or black</Trans>
          </li>
          <li>
            <span className={styles.uploadedSwatch} aria-hidden="true" /> <Trans>Uploaded</Trans>
          </li>
          <li>
            <Lock size={12} aria-hidden="true" /> <Trans>Locked</Trans>
          </li>
          <li>
            <Bookmark size={12} aria-hidden="true" /> <Trans>Bookmark</Trans>
          </li>
        </ul>
        <div className={styles.tools}>
          <IconButton icon={LibraryBig} label={t`All bookmarks`} onClick={() => setListing(true)} />
          {away && (
            <IconButton icon={LocateFixed} label={t`Back to the playhead`} onClick={commands.follow} />
          )}
          <IconButton icon={Minus} label={t`Zoom out`} keys="-" onClick={() => commands.zoom(0.5)} />
          <IconButton icon={Plus} label={t`Zoom in`} keys="+" onClick={() => commands.zoom(2)} />
        </div>
      </div>
      {/* outside of the bar, which takes the focus from nothing: what is in a dialog must be able to have it */}
      {bookmarking && (
        <BookmarkDialog
          open
          onOpenChange={() => useArchive.setState({ bookmarking: null })}
          cameraIds={shownCameraIds}
          range={bookmarking}
        />
      )}
      <Dialog open={listing} onOpenChange={setListing} title={t`Bookmarks`} size="large">
        <BookmarkList onJump={() => setListing(false)} />
      </Dialog>
      {selection && (
        <>
          <LockDialog
            open={asked === 'lock'}
            onOpenChange={(open) => setAsked(open ? 'lock' : null)}
            cameraIds={shownCameraIds}
            range={selection}
          />
          <ShareDialog
            open={asked === 'share'}
            onOpenChange={(open) => setAsked(open ? 'share' : null)}
            cameraIds={shownCameraIds}
            range={selection}
          />
          <AddToCaseDialog
            open={asked === 'case'}
            onOpenChange={(open) => setAsked(open ? 'case' : null)}
            item={{ kind: 'footage', sourceId: null, cameraIds: shownCameraIds, label: '', ...selection }}
          />
          <ExportDialog
            open={exporting}
            onOpenChange={(open) => useArchive.setState({ exporting: open })}
            cameraIds={shownCameraIds}
            range={selection}
          />
        </>
      )}
    </>
  );
}

function Selection(props: { commands: ArchiveCommands; onAsk: (what: Asked) => void }) {
  const { commands, onAsk } = props;
  const selection = useArchive((state) => state.selection);
  if (!selection) {
    return (
      <div className={styles.selection}>
        <Button tone="quiet" icon={Scissors} onClick={commands.selectAround}>
          <Trans>Select a range</Trans>
        </Button>
        <Button tone="quiet" icon={Bookmark} onClick={commands.addBookmark}>
          <Trans>Bookmark</Trans>
        </Button>
        <span className={styles.hint}>
          <Kbd keys="[" /> <Kbd keys="]" /> <Trans>set its ends at the playhead</Trans>
        </span>
      </div>
    );
  }
  const lengthMs = selection.endEpochMs - selection.startEpochMs;
  const tooLong = lengthMs > MAX_EXPORT_MS;
  return (
    <section className={styles.selection} aria-label={t`Selection`}>
      <Button
        tone="primary"
        icon={Download}
        disabled={tooLong}
        title={tooLong ? t`An export can be 24 hours long at most` : undefined}
        onClick={commands.exportSelection}
      >
        <Trans>Export</Trans>
      </Button>
      <Button icon={Lock} onClick={() => onAsk('lock')}>
        <Trans>Lock</Trans>
      </Button>
      <Button icon={Bookmark} onClick={commands.addBookmark}>
        <Trans>Bookmark</Trans>
      </Button>
      <Button icon={FolderPlus} onClick={() => onAsk('case')}>
        <Trans>Add to case</Trans>
      </Button>
      <Button icon={Link2} onClick={() => onAsk('share')}>
        <Trans>Share</Trans>
      </Button>
      <button
        type="button"
        className={styles.edge}
        aria-label={t`Go to selection start`}
        onClick={() => commands.seek(selection.startEpochMs)}
      >
        {formatDay(selection.startEpochMs)} {formatTimeSeconds(selection.startEpochMs)}
      </button>
      <span className={styles.dash}>
        <Trans>to</Trans>
      </span>
      <button
        type="button"
        className={styles.edge}
        aria-label={t`Go to selection end`}
        onClick={() => commands.seek(selection.endEpochMs)}
      >
        {formatTimeSeconds(selection.endEpochMs)}{' '}
        <span className={styles.hint}>{formatZone(selection.endEpochMs)}</span>
      </button>
      <span className={styles.length}>
        {tooLong ? t`${formatSpan(lengthMs)}: 24 h at most` : formatSpan(lengthMs)}
      </span>
      <IconButton
        icon={X}
        label={t`Clear selection`}
        onClick={() => useArchive.getState().setSelection(null)}
      />
    </section>
  );
}
