/** One door over time: unlocks in the upper lane, people in the lower, a line between a person and the unlock that let them in. */
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { eventWords } from '../../client/event-words.ts';
import { Link } from '../../client/router.tsx';
import { formatTimeSeconds } from '../../client/time-format.ts';
import { type TimeView, xOfTime } from '../archive/timeline/scale.ts';
import { ticksOf } from '../archive/timeline/ticks.ts';
import styles from './AccessPage.module.css';
import type { Door } from './AccessPage.tsx';
import { actorOf } from './match-access.ts';

const UNLOCK_Y = 26;
const PERSON_Y = 74;
/** A name beside its unlock needs so much room. */
const NAME_PX = 96;

export function DoorChart({ door, view }: { door: Door; view: TimeView }) {
  const { unlocks, passages, alarms, tailgatings } = door.day;
  const inView = (event: NvrEvent) => {
    const x = xOfTime(view, event.startEpochMs);
    return x > -20 && x < view.widthPx + 20;
  };
  const shownPassages = passages.filter(
    (passage) => inView(passage.crossing) || (passage.unlock && inView(passage.unlock)),
  );
  return (
    <section className={styles.door} aria-label={door.camera.name}>
      <h2 className={styles.doorName}>
        {door.camera.name}
        <span>
          {counted(unlocks.length, 'unlock', 'unlocks')}, {counted(passages.length, 'person', 'people')}
        </span>
        {tailgatings.length > 0 && (
          <strong>{counted(tailgatings.length, 'tailgating', 'tailgatings')}</strong>
        )}
      </h2>
      <div className={styles.lanes}>
        <svg className={styles.joins} aria-hidden="true">
          {shownPassages.map(
            ({ crossing, unlock, state }) =>
              unlock && (
                <line
                  key={crossing.id}
                  data-kind={state}
                  x1={xOfTime(view, unlock.startEpochMs)}
                  y1={UNLOCK_Y}
                  x2={xOfTime(view, crossing.startEpochMs)}
                  y2={PERSON_Y}
                />
              ),
          )}
        </svg>
        {[...unlocks, ...alarms].filter(inView).map((event) => (
          <Mark
            key={event.id}
            view={view}
            event={event}
            y={UNLOCK_Y}
            kind={unlocks.includes(event) ? 'unlock' : 'alarm'}
          />
        ))}
        <Names view={view} unlocks={unlocks.filter(inView)} />
        {shownPassages.map(({ crossing, state, tailgating }) => (
          <Mark
            key={crossing.id}
            view={view}
            event={tailgating ?? crossing}
            at={crossing.startEpochMs}
            y={PERSON_Y}
            kind={state}
          />
        ))}
      </div>
    </section>
  );
}

function Mark(props: { view: TimeView; event: NvrEvent; at?: number; y: number; kind: string }) {
  const { view, event, y, kind } = props;
  const at = props.at ?? event.startEpochMs;
  const words = `${formatTimeSeconds(at)} ${eventWords(event)}`;
  return (
    <Link
      to={`/events/${event.id}`}
      className={styles.mark}
      data-kind={kind}
      style={{ transform: `translate(${xOfTime(view, at)}px, ${y}px)` }}
      aria-label={words}
      title={words}
    />
  );
}

/** Names stand beside their unlock where there is room for them. */
function Names({ view, unlocks }: { view: TimeView; unlocks: readonly NvrEvent[] }) {
  return unlocks.map((unlock, index) => {
    const x = xOfTime(view, unlock.startEpochMs);
    const next = unlocks[index + 1];
    if (next && xOfTime(view, next.startEpochMs) - x < NAME_PX) return null;
    return (
      <span
        key={unlock.id}
        className={styles.actor}
        style={{ transform: `translate(${x + 10}px, ${UNLOCK_Y - 10}px)` }}
      >
        {actorOf(unlock)}
      </span>
    );
  });
}

export function Ruler({ view }: { view: TimeView }) {
  return (
    <div className={styles.ruler} aria-hidden="true">
      {ticksOf(view)
        .filter((tick) => tick.label !== null)
        .map((tick) => (
          <span
            key={tick.epochMs}
            style={{ transform: `translateX(${Math.round(xOfTime(view, tick.epochMs))}px)` }}
          >
            {tick.label}
          </span>
        ))}
    </div>
  );
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
