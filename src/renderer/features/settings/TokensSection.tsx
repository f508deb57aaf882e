/** Tokens with which other programs read from this recorder or report to it. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { SecretDialog } from './integrations/SecretDialog.tsx';
import { formatUse, ListSection } from './ListSection.tsx';
import { NewTokenDialog } from './NewTokenDialog.tsx';
import { SCOPE_WORDS } from './token-words.ts';

export function TokensSection() {
  const tokens = useResource('tokens', api.tokens);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  return (
    <ListSection
      title={t`Integration tokens`}
      note={t`Access-control systems and other programs sign in with a token of their own, so that each can be shut out alone.`}
      list={tokens}
      loading={t`Loading tokens`}
      empty={t`None yet. Nothing outside can sign in with a token.`}
      add={t`New token`}
      onAdd={() => setAdding(true)}
      keyOf={({ id }) => id}
      row={(token) => (
        <>
          {token.name}
          <small>{token.scopes.map((scope) => SCOPE_WORDS[scope]).join(', ')}</small>
          <small>{formatUse(token)}</small>
        </>
      )}
      removal={{
        word: t`Revoke`,
        label: ({ name }) => t`Revoke ${name}`,
        title: ({ name }) => t`Revoke ${name}?`,
        description: () =>
          t`The program that uses it is shut out at once. It needs a new token to come back.`,
        action: t`Revoke token`,
        done: ({ name }) => t`Revoked ${name}`,
        remove: ({ id }) => api.deleteToken(id),
      }}
    >
      <NewTokenDialog
        open={adding}
        onClose={() => setAdding(false)}
        onCreated={({ token, ...view }) => {
          tokens.put([...(tokens.value ?? []), view]);
          setAdding(false);
          setMade({ name: view.name, token });
        }}
      />
      <SecretDialog
        title={t`Copy the token now`}
        description={t`This is the only time that the token of ${made?.name ?? ''} is shown.`}
        values={made && [{ label: t`Token`, value: made.token }]}
        onDone={() => setMade(null)}
      />
    </ListSection>
  );
}
