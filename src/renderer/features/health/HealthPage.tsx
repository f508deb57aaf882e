/** Health: is everything recorded, why not, how long the disk lasts, and how the machine bears it. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { api } from '../../client/api.ts';
import { BASIC_WORDS } from '../../client/basic-words.ts';
import { phraseOfState, wordsOfState } from '../../client/camera-words.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { useResource } from '../../client/resource.ts';
import { Link } from '../../client/router.tsx';
import { formatSince } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Note, Skeleton } from '../../ui/States.tsx';
import { LocksSection } from '../locks/LocksSection.tsx';
import { useMay } from '../session/session-store.ts';
import { CompletenessMap } from './CompletenessMap.tsx';
import { GapsSection } from './GapsSection.tsx';
import styles from './HealthPage.module.css';
import { MachineFacts } from './MachineFacts.tsx';
import { StorageSection } from './StorageSection.tsx';

const EVERY_MS = 10_000;

export function HealthPage() {
  const isAdministrator = useMay('administrator');
  const health = useResource(isAdministrator ? 'health' : null, api.health, EVERY_MS);
  const { value } = health;
  const away = (useCameras((state) => state.cameras) ?? []).filter((camera) => wordsOfState(camera).wrong);
  const isMachineWell = isAdministrator
    ? value?.ok && value.modelAdvice === null && value.networkNotice === null
    : true;
  const well = isMachineWell && away.length === 0;
  return (
    <Page
      title={t`Health`}
      width="read"
      note={
        (value || !isAdministrator) && (
          <span className={styles.state}>
            <Dot hue={well ? 'well' : 'degraded'} />
            {well ? t`All is well` : t`Needs attention`}
          </span>
        )
      }
    >
      {health.error && <ErrorNote onRetry={health.refresh}>{health.error}</ErrorNote>}
      {value && value.reasons.length > 0 && (
        <ErrorNote>
          {value.reasons.map((reason) => (
            <p key={reason}>{reason}</p>
          ))}
        </ErrorNote>
      )}
      {away.length > 0 && (
        <ErrorNote>
          {away.map((camera) => (
            <p key={camera.id}>
              <Link to={isAdministrator ? `/cameras/${camera.id}` : `/live?camera=${camera.id}`}>
                {camera.name}
              </Link>
              : {phraseOfState(wordsOfState(camera))}.
            </p>
          ))}
        </ErrorNote>
      )}
      {value?.modelAdvice && (
        <ErrorNote>
          <Trans>People and vehicles are not recognised. {value.modelAdvice}</Trans>
        </ErrorNote>
      )}
      {value?.networkNotice && (
        <ErrorNote>
          {value.networkNotice}{' '}
          <Link to="/settings?tab=network">
            <Trans>Network settings</Trans>
          </Link>
        </ErrorNote>
      )}
      {value?.recommendedModel && (
        <Note>
          <Trans>
            {BASIC_WORDS} Get {value.recommendedModel} under{' '}
            <Link to="/settings?tab=models">Settings, Models</Link> while the recorder is online.
          </Trans>
        </Note>
      )}
      <div className={styles.sections}>
        <CompletenessMap />
        <GapsSection />
        {isAdministrator && <StorageSection />}
        <LocksSection />
        {isAdministrator && (
          <Section
            title={t`Machine`}
            note={value && t`Running since ${formatSince(value.startedEpochMs)}, version ${value.version}.`}
            actions={
              <Link to="/settings">
                <Trans>About</Trans>
              </Link>
            }
          >
            {value ? <MachineFacts health={value} /> : <Waiting failed={health.error !== null} rows={5} />}
          </Section>
        )}
      </div>
    </Page>
  );
}

function Waiting({ failed, rows }: { failed: boolean; rows: number }) {
  if (failed)
    return (
      <p className={styles.quiet}>
        <Trans>Not known while the recorder cannot be asked.</Trans>
      </p>
    );
  return (
    <Loading label={t`Loading`} className={styles.waiting}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all alike
        <Skeleton key={index} height={20} />
      ))}
    </Loading>
  );
}
