/** Which door readers this camera looks at: their unlocks are compared with who crosses. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { Link } from '../../client/router.tsx';
import { Checkbox } from '../../ui/Field.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { useDraft } from './draft-store.ts';
import styles from './Panels.module.css';

export function ReadersChoice() {
  const readers = useResource('readers', api.readers);
  const { draft, change } = useDraft();
  if (!draft) return null;
  const unknown = draft.readers.filter((id) => !readers.value?.some(({ deviceId }) => deviceId === id));
  const all = [...(readers.value ?? []), ...unknown.map((deviceId) => ({ deviceId, deviceName: deviceId }))];
  return (
    <section className={styles.readers} aria-label={t`Readers`}>
      <h3>
        <Trans>Readers in view</Trans>
      </h3>
      {readers.error && <ErrorNote onRetry={readers.refresh}>{readers.error}</ErrorNote>}
      {!readers.value && !readers.error && (
        <Loading label={t`Loading readers`}>
          <Skeleton height={20} width="60%" />
        </Loading>
      )}
      {readers.value && all.length === 0 && (
        <p className={styles.note}>
          <Trans>
            No reader is known yet. <Link to="/settings?tab=doors">Add readers in Settings</Link>, then choose
            here which of them this camera sees.
          </Trans>
        </p>
      )}
      {readers.value &&
        all.map(({ deviceId, deviceName }) => (
          <Checkbox
            key={deviceId}
            label={deviceName}
            hint={deviceName === deviceId ? undefined : deviceId}
            checked={draft.readers.includes(deviceId)}
            onChecked={(on) =>
              change({
                readers: on ? [...draft.readers, deviceId] : draft.readers.filter((id) => id !== deviceId),
              })
            }
          />
        ))}
    </section>
  );
}
