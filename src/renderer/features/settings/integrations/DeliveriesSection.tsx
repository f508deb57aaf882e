/** The outbox: what was told to other systems, what waits, and what failed with which answer. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { DELIVERY_STATES } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { Segments } from '../../../ui/Tabs.tsx';
import styles from '../ListSection.module.css';
import { KIND_WORDS, wordsOfState } from './delivery-words.ts';

const LOOK_EVERY_MS = 5000;
const SHOWN = 20;
const CHOICES = [
  { value: 'all', label: t`All` },
  { value: 'waiting', label: t`Waiting` },
  { value: 'delivered', label: t`Delivered` },
  { value: 'failed', label: t`Failed` },
];

const NOTHING_WORDS = {
  all: t`Nothing was sent yet.`,
  waiting: t`None waits.`,
  delivered: t`None delivered.`,
  failed: t`None failed.`,
};

export function DeliveriesSection() {
  const [choice, setChoice] = useState('all');
  const state = DELIVERY_STATES.find((one) => one === choice);
  const deliveries = useResource(
    `deliveries ${choice}`,
    (signal) => camioApi.deliveries({ state }, signal),
    LOOK_EVERY_MS,
  );
  const found = deliveries.value ?? [];
  return (
    <Section
      title={t`Deliveries`}
      note={t`Hooks, webhooks and callbacks, newest first. They are kept over a restart and tried four times.`}
    >
      <Segments label={t`Deliveries shown`} value={choice} options={CHOICES} onValue={setChoice} />
      {deliveries.error && <ErrorNote onRetry={deliveries.refresh}>{deliveries.error}</ErrorNote>}
      {!deliveries.value && !deliveries.error && (
        <Loading label={t`Loading deliveries`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {deliveries.value?.length === 0 && <p className={styles.quiet}>{NOTHING_WORDS[state ?? 'all']}</p>}
      {found.length > 0 && (
        <ul className={styles.list}>
          {found.slice(0, SHOWN).map((delivery) => (
            <li key={delivery.id} className={styles.row}>
              <span className={styles.words}>
                {delivery.url}
                <small>{KIND_WORDS[delivery.kind] ?? delivery.kind}</small>
                <small data-failed={delivery.state === 'failed' || undefined}>{wordsOfState(delivery)}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
