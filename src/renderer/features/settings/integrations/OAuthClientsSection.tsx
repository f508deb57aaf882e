/** Applications of others that may ask the owner for access with OAuth. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { camioApi } from '../../../client/camio-api.ts';
import { useResource } from '../../../client/resource.ts';
import { ListSection } from '../ListSection.tsx';
import { NewOAuthClientDialog } from './NewOAuthClientDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';

export function OAuthClientsSection() {
  const clients = useResource('oauth-clients', camioApi.oauthClients);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ clientId: string; clientSecret: string } | null>(null);
  return (
    <ListSection
      title={t`OAuth clients`}
      note={t`Applications that ask you on a page of their own to allow them access, instead of a token that you hand over.`}
      list={clients}
      loading={t`Loading clients`}
      empty={t`None yet. No application can ask for access.`}
      add={t`New client`}
      onAdd={() => setAdding(true)}
      keyOf={({ clientId }) => clientId}
      row={({ clientId, redirectUris }) => (
        <>
          {clientId}
          {redirectUris.map((uri) => (
            <small key={uri}>{uri}</small>
          ))}
        </>
      )}
      removal={{
        word: t`Revoke`,
        label: ({ clientId }) => t`Revoke ${clientId}`,
        title: ({ clientId }) => t`Revoke ${clientId}?`,
        description: () => t`It can ask for access no longer, and the tokens that it was given end at once.`,
        action: t`Revoke client`,
        done: ({ clientId }) => t`Revoked ${clientId}`,
        remove: ({ clientId }) => camioApi.deleteOAuthClient(clientId),
      }}
    >
      <NewOAuthClientDialog
        open={adding}
        onClose={() => setAdding(false)}
        onCreated={({ clientSecret, ...view }) => {
          clients.put([...(clients.value ?? []), view]);
          setAdding(false);
          setMade({ clientId: view.clientId, clientSecret });
        }}
      />
      <SecretDialog
        title={t`Copy the secret now`}
        description={t`This is the only time that the secret of ${made?.clientId ?? ''} is shown.`}
        values={
          made && [
            { label: t`Client id`, value: made.clientId },
            { label: t`Client secret`, value: made.clientSecret },
          ]
        }
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
