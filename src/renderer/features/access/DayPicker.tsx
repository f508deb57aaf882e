/** The day that the page shows: one back, one on, or any from the calendar. */
import { t } from '@lingui/core/macro';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { navigate } from '../../client/router.tsx';
import { addDays, formatDay, startOfDay } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import { DayButton } from '../archive/DayButton.tsx';
import styles from './AccessPage.module.css';

export function DayPicker({ day }: { day: number }) {
  const go = (to: number) => navigate(`/access?day=${startOfDay(to)}`, { replace: true });
  const today = startOfDay(Date.now());
  return (
    <div className={styles.days}>
      <IconButton icon={ChevronLeft} label={t`Previous day`} onClick={() => go(addDays(day, -1))} />
      <DayButton dayEpochMs={day} label={formatDay(day)} onDay={go} />
      <IconButton
        icon={ChevronRight}
        label={t`Next day`}
        disabled={day >= today}
        onClick={() => go(addDays(day, 1))}
      />
    </div>
  );
}
