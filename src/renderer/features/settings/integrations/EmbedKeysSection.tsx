/** Keys with which other sites may show a shared Camio in a frame. */
import { useState } from 'react';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { formatUse, ListSection } from '../ListSection.tsx';
import { NameDialog } from '../places/NameDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';

export function EmbedKeysSection() {
  const keys = useResource('embed-keys', camioApi.embedKeys);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  return (
    <ListSection
      title="Embed keys"
      note="A site shows a shared Camio in a frame with ?v= its view token and &key= a key of its own."
      list={keys}
      things="keys"
      empty="None yet. No site can show a Camio."
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
        description: () => 'Sites that use it show nothing from the next look on.',
        action: 'Revoke key',
        done: ({ name }) => `Revoked ${name}`,
        remove: ({ id }) => camioApi.deleteEmbedKey(id),
      }}
    >
      <NameDialog
        open={adding}
        onClose={() => setAdding(false)}
        title="New embed key"
        description="Name it after the site that will use it."
        label="Key name"
        placeholder="Company intranet"
        action="Create key"
        onName={async (name) => {
          const { key, ...view } = await camioApi.addEmbedKey(name);
          keys.put([...(keys.value ?? []), view]);
          setMade({ name, key });
        }}
      />
      <SecretDialog
        title="Copy the key now"
        description={`This is the only time that the key of ${made?.name} is shown.`}
        values={made && [{ label: 'Embed key', value: made.key }]}
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
