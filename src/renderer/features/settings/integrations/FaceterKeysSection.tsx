/** Keys with which video platforms use the Faceter interface. */
import { useState } from 'react';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { formatUse, ListSection } from '../ListSection.tsx';
import { NameDialog } from '../places/NameDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';

export function FaceterKeysSection() {
  const keys = useResource('integration-keys', placesApi.integrationKeys);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  return (
    <ListSection
      title="Faceter keys"
      note="For video platforms that read cameras, events and clips with X-Integration-Key."
      list={keys}
      things="keys"
      empty="None yet. Nobody can use the Faceter interface."
      add="New key"
      onAdd={() => setAdding(true)}
      keyOf={({ id }) => id}
      row={(key) => (
        <>
          {key.name}
          <small>{formatUse(key)}</small>
        </>
      )}
      removal={{
        word: 'Revoke',
        nameOf: ({ name }) => name,
        title: ({ name }) => `Revoke ${name}?`,
        description: () =>
          'The program that uses it is shut out at once, from live streams too. It needs a new key to come back.',
        action: 'Revoke key',
        done: ({ name }) => `Revoked ${name}`,
        remove: ({ id }) => placesApi.deleteIntegrationKey(id),
      }}
    >
      <NameDialog
        open={adding}
        onClose={() => setAdding(false)}
        title="New Faceter key"
        description="Name it after the program that will use it."
        label="Key name"
        placeholder="Video platform"
        action="Create key"
        onName={async (name) => {
          const { key, ...view } = await placesApi.addIntegrationKey(name);
          keys.put([...(keys.value ?? []), view]);
          setMade({ name, key });
        }}
      />
      <SecretDialog
        title="Copy the key now"
        description={`This is the only time that the key of ${made?.name} is shown.`}
        values={made && [{ label: 'Integration key', value: made.key }]}
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
