/** The day as a list, newest first: each unlock with the people it let in, and everybody who came without one. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { eventWords } from '../../client/event-words.ts';
import { Link } from '../../client/router.tsx';
import { formatTimeSeconds } from '../../client/time-format.ts';
import styles from './AccessPage.module.css';
import type { Door } from './AccessPage.tsx';
import { actorOf } from './match-access.ts';

interface Row {
  event: NvrEvent;
  doorName: string;
  who: string;
  what: string;
  alarm: boolean;
}

const MOST_ROWS = 300;
const STILL_OPEN_MS = 15_000;

export function AccessList({
  doors,
  onShow,
}: {
  doors: readonly Door[];
  onShow: (range: EpochRange) => void;
}) {
  const rows = doors.flatMap(rowsOf).sort((a, b) => b.event.startEpochMs - a.event.startEpochMs);
  return (
    <section aria-label={t`List of the day`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Time</Trans>
            </th>
            <th scope="col">
              <Trans>Who</Trans>
            </th>
            <th scope="col">
              <Trans>What happened</Trans>
            </th>
            <th scope="col">
              <Trans>Door</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row.event.id} data-alarm={row.alarm || undefined}>
              <td>
                <button
                  type="button"
                  className={styles.time}
                  aria-label={t`Show ${formatTimeSeconds(row.event.startEpochMs)} above`}
                  onClick={() =>
                    onShow({
                      startEpochMs: row.event.startEpochMs - 20_000,
                      endEpochMs: row.event.startEpochMs + 20_000,
                    })
                  }
                >
                  {formatTimeSeconds(row.event.startEpochMs)}
                </button>
              </td>
              <td>{row.who}</td>
              <td>
                <Link to={`/events/${row.event.id}`}>{row.what}</Link>
              </td>
              <td>{row.doorName}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className={styles.more}>
          <Trans>
            The latest {MOST_ROWS} of {rows.length} are listed.
          </Trans>
        </p>
      )}
    </section>
  );
}

/** While the door may still be passed nobody can say that nobody came. */
function unlockWords(through: number, ageMs: number): string {
  if (through > 0)
    return plural(through, {
      one: 'Unlocked, # person came through',
      other: 'Unlocked, # people came through',
    });
  return ageMs < STILL_OPEN_MS ? t`Unlocked, nobody has come through yet` : t`Unlocked, nobody came through`;
}

function rowsOf({ camera, day }: Door): Row[] {
  const row = (event: NvrEvent, who: string, what: string, alarm = false): Row => ({
    event,
    doorName: camera.name,
    who,
    what,
    alarm,
  });
  const unlocks = day.unlocks.map((unlock) => {
    const through = day.passages.filter(
      (passage) => passage.unlock === unlock && passage.state === 'admitted',
    ).length;
    return row(unlock, actorOf(unlock), unlockWords(through, Date.now() - unlock.startEpochMs));
  });
  const free = day.passages
    .filter((passage) => passage.state === 'free')
    .map(({ crossing }) => row(crossing, '', eventWords(crossing)));
  const tailgatings = day.tailgatings.map((event) =>
    row(event, event.detail.tailgating?.unlock?.actorName ?? '', eventWords(event), true),
  );
  const alarms = day.alarms.map((event) =>
    row(
      event,
      event.detail.access?.actorName ?? '',
      eventWords(event),
      event.detail.access?.eventType === 'forced open',
    ),
  );
  return [...unlocks, ...free, ...tailgatings, ...alarms];
}
