/** Events that look like the opened one, asked for when wanted. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
          <Trans>More like this</Trans>
        </Button>
      </div>
    );
  return (
    <section className={styles.alike} aria-label={t`More like this`}>
      <h2>
        <Trans>More like this</Trans>
      </h2>
      {error && (
        <ErrorNote onRetry={refresh}>
          <Trans>Events like this cannot be shown. {error}</Trans>
        </ErrorNote>
      )}
      {!value && !error && (
        <Loading label={t`Looking for events like this`}>
          <Skeleton height={120} />
        </Loading>
      )}
      {value?.length === 0 && (
        <p>
          <Trans>There is no other event with a picture of somebody or something yet.</Trans>
        </p>
      )}
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
