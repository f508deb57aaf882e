/** Says for a few seconds why playing has gone over a stretch of time. */
import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { formatSpan, formatTimeSeconds } from '../../client/time-format.ts';
import styles from './ArchivePage.module.css';
import { askGap } from './archive-queries.ts';
import { useArchive } from './archive-store.ts';
import { causeWords } from './gap-words.ts';

const SHOWN_MS = 7000;

export function SkipNoteView() {
  const note = useArchive((state) => state.skipNote);
  const [cause, setCause] = useState<string | null>(null);
  useEffect(() => {
    setCause(null);
    if (!note) return;
    const [cameraId] = useArchive.getState().shownCameraIds;
    const aborter = new AbortController();
    if (cameraId) {
      askGap(cameraId, (note.fromEpochMs + note.toEpochMs) / 2, aborter.signal).then(
        (gap) => setCause(gap ? causeWords(gap) : null),
        () => setCause(null), // the note stands without its cause
      );
    }
    const timer = setTimeout(() => useArchive.setState({ skipNote: null }), SHOWN_MS);
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [note]);
  if (!note) return null;
  return (
    <p className={styles.skip} role="status">
      <Trans>
        Skipped {formatSpan(note.toEpochMs - note.fromEpochMs)} without footage, from{' '}
        {formatTimeSeconds(note.fromEpochMs)} to {formatTimeSeconds(note.toEpochMs)}
      </Trans>
      {cause && `: ${cause.toLowerCase()}`}
    </p>
  );
}
