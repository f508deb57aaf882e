/** Going to a time: typed in words, or a day of the calendar; days with footage are marked. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { parseMoment } from '../../client/parse-moment.ts';
import { formatMoment, formatZone } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useArchive } from './archive-store.ts';
import { Calendar } from './Calendar.tsx';
import { sameTimeOn } from './calendar.ts';
import styles from './JumpPanel.module.css';

export function JumpPanel({
  shownEpochMs,
  onJump,
}: {
  shownEpochMs: number;
  onJump: (epochMs: number) => void;
}) {
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const bounds = useArchive((state) => state.bounds);
  const parsed = parseMoment(typed, Date.now(), shownEpochMs);
  const problem =
    tried && parsed === null ? t`Not understood. Try '14:03', 'yesterday 17:40' or '-5 min'.` : null;
  return (
    <div className={styles.panel}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (parsed !== null) onJump(parsed);
        }}
      >
        <TextField
          label={t`Time`}
          hideLabel
          placeholder={t`14:03, yesterday 17:40, -5 min`}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setTried(false);
          }}
          error={problem}
          hint={
            parsed === null
              ? t`Enter a time or choose a day`
              : `${formatMoment(parsed)} ${formatZone(parsed)}`
          }
        />
        <Button type="submit" tone="primary">
          <Trans>Go</Trans>
        </Button>
      </form>
      <Calendar
        selectedEpochMs={shownEpochMs}
        earliestEpochMs={bounds?.earliestEpochMs ?? null}
        onDay={(day) => onJump(sameTimeOn(day, shownEpochMs))}
      />
    </div>
  );
}
