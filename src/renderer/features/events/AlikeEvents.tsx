/** Events that look like the opened one, asked for when wanted. */
import { ScanSearch } from 'lucide-react';
import { useState } from 'react';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { EventCard } from './EventCard.tsx';
import styles from './EventPage.module.css';

export function AlikeEvents({ event }: { event: NvrEvent }) {
  const [wanted, setWanted] = useState(false);
  const { value, error, refresh } = useResource(wanted ? `alike ${event.id}` : null, (signal) =>
    api.alikeEvents(event.id, signal),
  );
  if (!wanted)
    return (
      <div className={styles.alike}>
        <Button icon={ScanSearch} onClick={() => setWanted(true)}>
          More like this
        </Button>
      </div>
    );
  return (
    <section className={styles.alike} aria-label="More like this">
      <h2>More like this</h2>
      {error && <ErrorNote onRetry={refresh}>Events like this cannot be shown. {error}</ErrorNote>}
      {!value && !error && (
        <Loading label="Looking for events like this">
          <Skeleton height={120} />
        </Loading>
      )}
      {value?.length === 0 && <p>There is no other event with a picture of somebody or something yet.</p>}
      {value && value.length > 0 && (
        <ul className={styles.alikeWall}>
          {value.map((one) => (
            <EventCard key={one.id} event={one} />
          ))}
        </ul>
      )}
    </section>
  );
}
