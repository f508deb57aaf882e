/** Applications of others that may ask the owner for access with OAuth. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { OAuthClientView } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import styles from './Integrations.module.css';
import { NewOAuthClientDialog } from './NewOAuthClientDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';

export function OAuthClientsSection() {
  const clients = useResource('oauth-clients', camioApi.oauthClients);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ clientId: string; clientSecret: string } | null>(null);
  const [revoking, setRevoking] = useState<OAuthClientView | null>(null);
  const [busy, setBusy] = useState(false);
  const known = clients.value ?? [];

  async function revoke({ clientId }: OAuthClientView) {
    setBusy(true);
    try {
      await camioApi.deleteOAuthClient(clientId);
      clients.put(known.filter((client) => client.clientId !== clientId));
      showToast(`Revoked ${clientId}`);
      setRevoking(null);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title="OAuth clients"
      note="Applications that ask you on a page of their own to allow them access, instead of a token that you hand over."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New client
        </Button>
      }
    >
      {clients.error && <ErrorNote onRetry={clients.refresh}>{clients.error}</ErrorNote>}
      {!clients.value && !clients.error && (
        <Loading label="Loading clients">
          <Skeleton height={48} />
        </Loading>
      )}
      {clients.value?.length === 0 && (
        <p className={styles.quiet}>None yet. No application can ask for access.</p>
      )}
      {known.length > 0 && (
        <ul className={styles.list}>
          {known.map((client) => (
            <li key={client.clientId} className={styles.row}>
              <span className={styles.words}>
                {client.clientId}
                {client.redirectUris.map((uri) => (
                  <small key={uri}>{uri}</small>
                ))}
              </span>
              <span className={styles.actions}>
                <Button
                  tone="danger"
                  aria-label={`Revoke ${client.clientId}`}
                  onClick={() => setRevoking(client)}
                >
                  Revoke
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <NewOAuthClientDialog
        open={adding}
        onClose={() => setAdding(false)}
        onCreated={({ clientSecret, ...view }) => {
          clients.put([...known, view]);
          setAdding(false);
          setMade({ clientId: view.clientId, clientSecret });
        }}
      />
      <SecretDialog
        title="Copy the secret now"
        description={`This is the only time that the secret of ${made?.clientId} is shown.`}
        values={
          made && [
            { label: 'Client id', value: made.clientId },
            { label: 'Client secret', value: made.clientSecret },
          ]
        }
        onDone={() => setMade(null)}
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.clientId}?`}
        description="It can ask for access no longer, and the tokens that it was given end at once."
        action="Revoke client"
        busy={busy}
        onConfirm={() => revoking && void revoke(revoking)}
      />
    </Section>
  );
}
