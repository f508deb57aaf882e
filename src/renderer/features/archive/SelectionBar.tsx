/** The selection's length and ends, and what can be done with it. Always there, so that nothing moves when one is made. */
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
  ['person', 'Person'],
  ['vehicle', 'Vehicle'],
  ['animal', 'Animal'],
  ['motion', 'Motion'],
  ['alarm', 'Tailgating'],
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
        <ul className={styles.legend} aria-label="Colours of the marks">
          {LEGEND.map(([hue, name]) => (
            <li key={hue}>
              <Dot hue={hue} /> {name}
            </li>
          ))}
          <li>
            <span className={styles.alertMark} /> Frozen or black
          </li>
          <li>
            <span className={styles.uploadedSwatch} aria-hidden="true" /> Uploaded
          </li>
          <li>
            <Lock size={12} aria-hidden="true" /> Locked
          </li>
          <li>
            <Bookmark size={12} aria-hidden="true" /> Bookmark
          </li>
        </ul>
        <div className={styles.tools}>
          <IconButton icon={LibraryBig} label="All bookmarks" onClick={() => setListing(true)} />
          {away && <IconButton icon={LocateFixed} label="Back to the playhead" onClick={commands.follow} />}
          <IconButton icon={Minus} label="Zoom out" keys="-" onClick={() => commands.zoom(0.5)} />
          <IconButton icon={Plus} label="Zoom in" keys="+" onClick={() => commands.zoom(2)} />
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
      <Dialog open={listing} onOpenChange={setListing} title="Bookmarks" size="large">
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
          Select a range
        </Button>
        <Button tone="quiet" icon={Bookmark} onClick={commands.addBookmark}>
          Bookmark
        </Button>
        <span className={styles.hint}>
          <Kbd keys="[" /> <Kbd keys="]" /> set its ends at the playhead
        </span>
      </div>
    );
  }
  const lengthMs = selection.endEpochMs - selection.startEpochMs;
  const tooLong = lengthMs > MAX_EXPORT_MS;
  return (
    <section className={styles.selection} aria-label="Selection">
      <Button
        tone="primary"
        icon={Download}
        disabled={tooLong}
        title={tooLong ? 'An export can be 24 hours long at most' : undefined}
        onClick={commands.exportSelection}
      >
        Export
      </Button>
      <Button icon={Lock} onClick={() => onAsk('lock')}>
        Lock
      </Button>
      <Button icon={Bookmark} onClick={commands.addBookmark}>
        Bookmark
      </Button>
      <Button icon={FolderPlus} onClick={() => onAsk('case')}>
        Add to case
      </Button>
      <Button icon={Link2} onClick={() => onAsk('share')}>
        Share
      </Button>
      <button
        type="button"
        className={styles.edge}
        aria-label="Go to selection start"
        onClick={() => commands.seek(selection.startEpochMs)}
      >
        {formatDay(selection.startEpochMs)} {formatTimeSeconds(selection.startEpochMs)}
      </button>
      <span className={styles.dash}>to</span>
      <button
        type="button"
        className={styles.edge}
        aria-label="Go to selection end"
        onClick={() => commands.seek(selection.endEpochMs)}
      >
        {formatTimeSeconds(selection.endEpochMs)}{' '}
        <span className={styles.hint}>{formatZone(selection.endEpochMs)}</span>
      </button>
      <span className={styles.length}>
        {tooLong ? `${formatSpan(lengthMs)}: 24 h at most` : formatSpan(lengthMs)}
      </span>
      <IconButton icon={X} label="Clear selection" onClick={() => useArchive.getState().setSelection(null)} />
    </section>
  );
}
