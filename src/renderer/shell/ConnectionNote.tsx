/** Says when the page no longer hears from the recorder: what is shown may then be old. */
import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { useConnection } from '../client/server-events.ts';
import { formatSince } from '../client/time-format.ts';
import { ErrorNote } from '../ui/States.tsx';
import styles from './ConnectionNote.module.css';

/** A connection that is back within this time is not worth a word. */
const PATIENCE_MS = 2000;

export function ConnectionNote() {
  const { connected, sinceEpochMs } = useConnection();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (connected !== false) return;
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  if (connected !== false || patient) return null;
  return (
    <div className={styles.note}>
      <ErrorNote>
        <Trans>
          The recorder has not been reachable from here since {formatSince(sinceEpochMs)}. What is shown may
          be old. Trying again by itself.
        </Trans>
      </ErrorNote>
    </div>
  );
}
