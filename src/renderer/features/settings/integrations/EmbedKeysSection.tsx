/** Keys with which other sites may show a shared Camio in a frame. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { EmbedKeyView } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { formatDayInSentence, formatSince } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { NameDialog } from '../places/NameDialog.tsx';
import styles from './Integrations.module.css';
import { SecretDialog } from './SecretDialog.tsx';

export function EmbedKeysSection() {
  const keys = useResource('embed-keys', camioApi.embedKeys);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const [revoking, setRevoking] = useState<EmbedKeyView | null>(null);
  const [busy, setBusy] = useState(false);
  const known = keys.value ?? [];

  async function revoke({ id, name }: EmbedKeyView) {
    setBusy(true);
    try {
      await camioApi.deleteEmbedKey(id);
      keys.put(known.filter((key) => key.id !== id));
      showToast(`Revoked ${name}`);
      setRevoking(null);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title="Embed keys"
      note="A site shows a shared Camio in a frame with ?v= its view token and &key= a key of its own."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New key
        </Button>
      }
    >
      {keys.error && <ErrorNote onRetry={keys.refresh}>{keys.error}</ErrorNote>}
      {!keys.value && !keys.error && (
        <Loading label="Loading keys">
          <Skeleton height={48} />
        </Loading>
      )}
      {keys.value?.length === 0 && <p className={styles.quiet}>None yet. No site can show a Camio.</p>}
      {known.length > 0 && (
        <ul className={styles.list}>
          {known.map((key) => (
            <li key={key.id} className={styles.row}>
              <span className={styles.words}>
                {key.name}
                <small>
                  Made {formatDayInSentence(key.createdEpochMs)},{' '}
                  {key.lastUsedEpochMs === null
                    ? 'never used'
                    : `last used ${formatSince(key.lastUsedEpochMs)}`}
                </small>
              </span>
              <span className={styles.actions}>
                <Button tone="danger" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                  Revoke
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
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
          keys.put([...known, view]);
          setMade({ name, key });
        }}
      />
      <SecretDialog
        title="Copy the key now"
        description={`This is the only time that the key of ${made?.name} is shown.`}
        values={made && [{ label: 'Embed key', value: made.key }]}
        onDone={() => setMade(null)}
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        description="Sites that use it show nothing from the next look on."
        action="Revoke key"
        busy={busy}
        onConfirm={() => revoking && void revoke(revoking)}
      />
    </Section>
  );
}
