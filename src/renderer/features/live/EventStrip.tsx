/** The newest events as small pictures at the side of the live view. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import { urls } from '../../client/api.ts';
import { groupVisits } from '../../client/event-rank.ts';
import { eventHue, eventMoment, eventWords } from '../../client/event-words.ts';
import { Link } from '../../client/router.tsx';
import { formatDay, formatTimeSeconds, startOfDay } from '../../client/time-format.ts';
import { useModelAdvice } from '../../client/use-model-advice.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Loading, Skeleton } from '../../ui/States.tsx';
import { useMay } from '../session/session-store.ts';
import styles from './EventStrip.module.css';
import { useLive } from './live-store.ts';

export function EventStrip({ cameraId }: { cameraId?: string }) {
  const events = useLive((state) => state.events);
  const error = useLive((state) => state.error);
  const shown = useMemo(
    () => events && groupVisits(events.filter((event) => !cameraId || event.cameraId === cameraId)),
    [events, cameraId],
  );
  const advice = useModelAdvice(useMay('administrator') && shown?.length === 0);
  return (
    <aside className={styles.strip} aria-label={t`Recent events`}>
      <h2 className={styles.title}>
        <Trans>Recent events</Trans>
      </h2>
      {error && !shown && <p className={styles.empty}>{error}</p>}
      {!shown && !error && (
        <Loading label={t`Loading events`} className={styles.list}>
          {[0, 1, 2, 3].map((index) => (
            <Skeleton key={index} height={132} />
          ))}
        </Loading>
      )}
      {shown?.length === 0 && (
        <p className={styles.empty}>
          {advice
            ? t`People and vehicles are not recognised. ${advice}`
            : t`Nothing yet. People, vehicles and whatever crosses a line appear here as they are seen.`}
        </p>
      )}
      <ol className={styles.list}>
        {shown?.map(({ event }) => (
          <li key={event.id}>
            <Link
              to={`/events/${event.id}`}
              className={styles.event}
              data-alarm={eventHue(event) === 'alarm' || undefined}
            >
              <span className={styles.picture}>
                {event.hasSnapshot && <img src={urls.eventSnapshot(event.id)} alt="" loading="lazy" />}
              </span>
              <span className={styles.words}>
                <span className={styles.what}>
                  <Dot hue={eventHue(event)} />
                  <span>{eventWords(event)}</span>
                </span>
                <span className={styles.where}>
                  <span>{event.cameraName}</span>
                  <time dateTime={new Date(event.startEpochMs).toISOString()}>
                    {startOfDay(event.startEpochMs) === startOfDay(Date.now())
                      ? ''
                      : `${formatDay(event.startEpochMs)} `}
                    {formatTimeSeconds(eventMoment(event))}
                  </time>
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </aside>
  );
}
