/** The picture of an event, or a quiet sign of its kind where there is none. */
import { t } from '@lingui/core/macro';
import { DoorOpen, ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import styles from './EventsPage.module.css';

export function EventPicture({ event, src }: { event: NvrEvent; src: string }) {
  const [failed, setFailed] = useState(false);
  if (!event.hasSnapshot || failed) {
    const Icon = event.type === 'access' ? DoorOpen : ImageOff;
    return (
      <span className={styles.noPicture}>
        <Icon size={24} strokeWidth={1.5} aria-hidden="true" />
        <span>{event.type === 'access' ? t`Reported by the door` : t`No picture`}</span>
      </span>
    );
  }
  return <img src={src} alt="" loading="lazy" decoding="async" onError={() => setFailed(true)} />;
}
