/** Hooks: addresses that are told of events whose labels fit some words; how the last delivery went; a test. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { showToast } from '../../../ui/Toast.tsx';
import { ListSection } from '../ListSection.tsx';
import { wordsOfState } from './delivery-words.ts';
import { NewHookDialog } from './NewHookDialog.tsx';

/** A delivery that is under way shows its end by itself. */
const LOOK_EVERY_MS = 5000;

export function HooksSection() {
  const hooks = useResource('hooks', camioApi.hooks, LOOK_EVERY_MS);
  const [adding, setAdding] = useState(false);
  const known = hooks.value ?? [];
  return (
    <ListSection
      title={t`Hooks`}
      note={t`Addresses that are told of an event when its camera and labels fit some words.`}
      list={hooks}
      loading={t`Loading hooks`}
      empty={t`None yet. Nobody is told by a hook.`}
      add={t`New hook`}
      onAdd={() => setAdding(true)}
      keyOf={({ id }) => id}
      row={({ query, cameraName, callbackUrl, lastDelivery }) => (
        <>
          {query}
          {cameraName !== null && `, ${cameraName}`}
          <small>{callbackUrl}</small>
          <small data-failed={lastDelivery?.state === 'failed' || undefined}>
            {lastDelivery ? wordsOfState(lastDelivery) : t`Nothing was delivered yet`}
          </small>
        </>
      )}
      extra={{
        word: t`Send a test`,
        label: ({ callbackUrl }) => t`Send a test to ${callbackUrl}`,
        run: async ({ id }) => {
          const tested = await camioApi.testHook(id);
          hooks.put(known.map((hook) => (hook.id === id ? tested : hook)));
          showToast(t`A test is on its way`);
        },
      }}
      removal={{
        word: t`Remove`,
        label: ({ query }) => t`Remove the hook ${query}`,
        title: () => t`Remove this hook?`,
        description: ({ callbackUrl }) =>
          t`${callbackUrl} is told of nothing more, also not of what still waits to be delivered.`,
        action: t`Remove hook`,
        done: () => t`Removed the hook`,
        remove: ({ id }) => camioApi.deleteHook(id),
      }}
    >
      <NewHookDialog
        open={adding}
        onClose={() => setAdding(false)}
        onCreated={(hook) => hooks.put([...known, hook])}
      />
    </ListSection>
  );
}
