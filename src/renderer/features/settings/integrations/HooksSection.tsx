/** Hooks: addresses that are told of events whose labels fit some words; how the last delivery went; a test. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { HookView } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { wordsOfState } from './delivery-words.ts';
import styles from './Integrations.module.css';
import { NewHookDialog } from './NewHookDialog.tsx';

/** A delivery that is under way shows its end by itself. */
const LOOK_EVERY_MS = 5000;

export function HooksSection() {
  const hooks = useResource('hooks', camioApi.hooks, LOOK_EVERY_MS);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<HookView | null>(null);
  const [busyId, setBusyId] = useState<number | null>(null);
  const known = hooks.value ?? [];

  async function run(id: number, action: () => Promise<void>) {
    setBusyId(id);
    try {
      await action();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusyId(null);
    }
  }
  const sendTest = ({ id }: HookView) =>
    run(id, async () => {
      const tested = await camioApi.testHook(id);
      hooks.put(known.map((hook) => (hook.id === id ? tested : hook)));
      showToast('A test is on its way');
    });
  const remove = ({ id }: HookView) =>
    run(id, async () => {
      await camioApi.deleteHook(id);
      hooks.put(known.filter((hook) => hook.id !== id));
      showToast('Removed the hook');
      setRemoving(null);
    });

  return (
    <Section
      title="Hooks"
      note="Addresses that are told of an event when its camera and labels fit some words."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New hook
        </Button>
      }
    >
      {hooks.error && <ErrorNote onRetry={hooks.refresh}>{hooks.error}</ErrorNote>}
      {!hooks.value && !hooks.error && (
        <Loading label="Loading hooks">
          <Skeleton height={48} />
        </Loading>
      )}
      {hooks.value?.length === 0 && <p className={styles.quiet}>None yet. Nobody is told by a hook.</p>}
      {known.length > 0 && (
        <ul className={styles.list}>
          {known.map((hook) => (
            <li key={hook.id} className={styles.row}>
              <span className={styles.words}>
                {hook.query}
                {hook.cameraName !== null && `, ${hook.cameraName}`}
                <small>{hook.callbackUrl}</small>
                <small data-failed={hook.lastDelivery?.state === 'failed' || undefined}>
                  {hook.lastDelivery ? wordsOfState(hook.lastDelivery) : 'Nothing was delivered yet'}
                </small>
              </span>
              <span className={styles.actions}>
                <Button
                  busy={busyId === hook.id && removing === null}
                  aria-label={`Send a test to ${hook.callbackUrl}`}
                  onClick={() => void sendTest(hook)}
                >
                  Send a test
                </Button>
                <Button
                  tone="danger"
                  aria-label={`Remove the hook ${hook.query}`}
                  onClick={() => setRemoving(hook)}
                >
                  Remove
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <NewHookDialog
        open={adding}
        onClose={() => setAdding(false)}
        onCreated={(hook) => hooks.put([...known, hook])}
      />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title="Remove this hook?"
        description={`${removing?.callbackUrl} is told of nothing more, also not of what still waits to be delivered.`}
        action="Remove hook"
        busy={busyId !== null}
        onConfirm={() => removing && void remove(removing)}
      />
    </Section>
  );
}
