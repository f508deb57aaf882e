/** The selection's length and ends, and what can be done with it. Always there, so that nothing moves when one is made. */
import { Download, LocateFixed, Lock, Minus, Plus, Scissors, X } from 'lucide-react';
import { useState } from 'react';
import { MAX_EXPORT_MS } from '../../../shared/contract-exports.ts';
import { formatDay, formatSpan, formatTimeSeconds, formatZone } from '../../client/time-format.ts';
import { Dot, type Hue } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { ExportDialog } from '../exports/ExportDialog.tsx';
import { LockDialog } from '../locks/LockDialog.tsx';
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

export function SelectionBar({ commands }: { commands: ArchiveCommands }) {
  const away = useArchive((state) => state.away);
  const selection = useArchive((state) => state.selection);
  const shownCameraIds = useArchive((state) => state.shownCameraIds);
  const exporting = useArchive((state) => state.exporting);
  const [locking, setLocking] = useState(false);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only keeps a click from taking the focus */}
      <div className={styles.below} onMouseDown={(event) => event.preventDefault()}>
        <Selection commands={commands} onLock={() => setLocking(true)} />
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
        </ul>
        <div className={styles.tools}>
          {away && <IconButton icon={LocateFixed} label="Back to the playhead" onClick={commands.follow} />}
          <IconButton icon={Minus} label="Zoom out" keys="-" onClick={() => commands.zoom(0.5)} />
          <IconButton icon={Plus} label="Zoom in" keys="+" onClick={() => commands.zoom(2)} />
        </div>
      </div>
      {/* outside of the bar, which takes the focus from nothing: what is in a dialog must be able to have it */}
      {selection && (
        <>
          <LockDialog open={locking} onOpenChange={setLocking} cameraIds={shownCameraIds} range={selection} />
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

function Selection({ commands, onLock }: { commands: ArchiveCommands; onLock: () => void }) {
  const selection = useArchive((state) => state.selection);
  if (!selection) {
    return (
      <div className={styles.selection}>
        <Button tone="quiet" icon={Scissors} onClick={commands.selectAround}>
          Select a range
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
      <Button icon={Lock} onClick={onLock}>
        Lock
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
