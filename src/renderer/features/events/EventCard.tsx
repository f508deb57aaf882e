/** One event on the wall: its picture, which plays while it is pointed at, what happened, when and where. */
import { useRef, useState } from 'react';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { urls } from '../../client/api.ts';
import { eventHue, eventMoment, eventWords, isAlarm } from '../../client/event-words.ts';
import { Link } from '../../client/router.tsx';
import { formatTimeSeconds } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { EventPicture } from './EventPicture.tsx';
import styles from './EventsPage.module.css';
import { HoverClip } from './HoverClip.tsx';

/** A pointer on its way elsewhere does not start a clip. */
const HOVER_MS = 220;

export function EventCard({ event }: { event: NvrEvent }) {
  const [hovered, setHovered] = useState(false);
  const timer = useRef(0);
  const words = eventWords(event);
  const at = eventMoment(event);
  return (
    <li>
      <Link
        to={`/events/${event.id}`}
        className={styles.card}
        data-alarm={isAlarm(event) || undefined}
        aria-label={`${words}, ${formatTimeSeconds(at)}, ${event.cameraName}`}
        onPointerEnter={(pointer) => {
          if (pointer.pointerType === 'touch') return;
          timer.current = window.setTimeout(() => setHovered(true), HOVER_MS);
        }}
        onPointerLeave={() => {
          window.clearTimeout(timer.current);
          setHovered(false);
        }}
      >
        <div className={styles.picture}>
          <EventPicture event={event} src={urls.eventSnapshot(event.id)} />
          {hovered && <HoverClip cameraId={event.cameraId} startEpochMs={at} />}
        </div>
        <span className={styles.words}>{words}</span>
        <span className={styles.where}>
          <Dot hue={eventHue(event)} />
          <time dateTime={new Date(at).toISOString()}>{formatTimeSeconds(at)}</time>
          <span className={styles.camera}>{event.cameraName}</span>
        </span>
      </Link>
    </li>
  );
}
