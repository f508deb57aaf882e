/** Keys with which programs ask the Camlytics interface; each request is signed with the key's secret. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import styles from '../ListSection.module.css';
import { ListSection } from '../ListSection.tsx';
import { SecretDialog } from './SecretDialog.tsx';

export function CamlyticsKeysSection() {
  const keys = useResource('camlytics-keys', placesApi.camlyticsKeys);
  const [made, setMade] = useState<{ key: string; secret: string } | null>(null);
  return (
    <ListSection
      title={t`Camlytics keys`}
      note={t`For programs that read counts and events of lines and zones. A key has a secret that signs each request.`}
      list={keys}
      loading={t`Loading keys`}
      empty={t`None yet. Nobody can use the Camlytics interface.`}
      add={t`New key`}
      onAdd={async () => {
        const created = await placesApi.addCamlyticsKey();
        keys.put([...(keys.value ?? []), { key: created.key }]);
        setMade(created);
      }}
      keyOf={({ key }) => key}
      row={({ key }) => <code className={styles.key}>{key}</code>}
      removal={{
        word: t`Revoke`,
        label: ({ key }) => t`Revoke ${key}`,
        title: () => t`Revoke this key?`,
        description: ({ key }) =>
          t`The program that uses ${key} is shut out at once. It needs a new key to come back.`,
        action: t`Revoke key`,
        done: () => t`Revoked the key`,
        remove: ({ key }) => placesApi.deleteCamlyticsKey(key),
      }}
    >
      <SecretDialog
        title={t`Copy key and secret now`}
        description={t`This is the only time that the secret is shown.`}
        values={
          made && [
            { label: t`Key`, value: made.key },
            { label: t`Secret`, value: made.secret },
          ]
        }
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
