/** Keys that have a name and are shown once, whatever interface they open. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useResource } from '../../../client/resource.ts';
import { formatUse, ListSection } from '../ListSection.tsx';
import { NameDialog } from '../places/NameDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';

interface NamedKey<Id> {
  id: Id;
  name: string;
  createdEpochMs: number;
  lastUsedEpochMs: number | null;
}

export interface NamedKeysSectionProps<Id> {
  title: string;
  note: string;
  /** What it means that there are none. */
  empty: string;
  /** What such a key is called where it is copied: 'Embed key'. */
  keyLabel: string;
  /** Of the dialog that makes one. */
  dialog: { title: string; description: string; placeholder: string };
  /** What a key's end means for who uses it. */
  loss: string;
  /** Of the list, among those of the app. */
  resourceKey: string;
  list: (signal: AbortSignal) => Promise<Array<NamedKey<Id>>>;
  add: (name: string) => Promise<NamedKey<Id> & { key: string }>;
  remove: (id: Id) => Promise<void>;
}

export function NamedKeysSection<Id extends string | number>(props: NamedKeysSectionProps<Id>) {
  const { title, note, empty, keyLabel, dialog, loss, resourceKey, list, add, remove } = props;
  const keys = useResource(resourceKey, list);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  return (
    <ListSection
      title={title}
      note={note}
      list={keys}
      loading={t`Loading keys`}
      empty={empty}
      add={t`New key`}
      onAdd={() => setAdding(true)}
      keyOf={({ id }) => id}
      row={(key) => (
        <>
          {key.name}
          <small>{formatUse(key)}</small>
        </>
      )}
      removal={{
        word: t`Revoke`,
        label: ({ name }) => t`Revoke ${name}`,
        title: ({ name }) => t`Revoke ${name}?`,
        description: () => loss,
        action: t`Revoke key`,
        done: ({ name }) => t`Revoked ${name}`,
        remove: ({ id }) => remove(id),
      }}
    >
      <NameDialog
        {...dialog}
        open={adding}
        onClose={() => setAdding(false)}
        label={t`Key name`}
        action={t`Create key`}
        onName={async (name) => {
          const { key, ...view } = await add(name);
          keys.put([...(keys.value ?? []), view]);
          setMade({ name, key });
        }}
      />
      <SecretDialog
        title={t`Copy the key now`}
        description={t`This is the only time that the key of ${made?.name ?? ''} is shown.`}
        values={made && [{ label: keyLabel, value: made.key }]}
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
