/** Tokens with which other programs read from this recorder or report to it. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { TokenView } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { formatDayInSentence, formatSince } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { NewTokenDialog } from './NewTokenDialog.tsx';
import styles from './SettingsPage.module.css';
import { SCOPE_WORDS } from './token-words.ts';

export function TokensSection() {
  const tokens = useResource('tokens', api.tokens);
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<TokenView | null>(null);
  const [busy, setBusy] = useState(false);

  async function revoke(token: TokenView) {
    setBusy(true);
    try {
      await api.deleteToken(token.id);
      tokens.put((tokens.value ?? []).filter(({ id }) => id !== token.id));
      showToast(`Revoked ${token.name}`);
      setRevoking(null);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title="Integration tokens"
      note="Access-control systems and other programs sign in with a token of their own, so that each can be shut out alone."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New token
        </Button>
      }
    >
      {tokens.error && <ErrorNote onRetry={tokens.refresh}>{tokens.error}</ErrorNote>}
      {!tokens.value && !tokens.error && (
        <Loading label="Loading tokens">
          <Skeleton height={48} />
        </Loading>
      )}
      {tokens.value?.length === 0 && (
        <p className={styles.quiet}>None yet. Nothing outside can sign in with a token.</p>
      )}
      {tokens.value && tokens.value.length > 0 && (
        <ul className={styles.tokens}>
          {tokens.value.map((token) => (
            <li key={token.id} className={styles.token}>
              <span className={styles.tokenName}>
                {token.name}
                <small>Made {formatDayInSentence(token.createdEpochMs)}</small>
              </span>
              <span>
                {token.scopes.map((scope) => SCOPE_WORDS[scope]).join(', ')}
                <small>
                  {token.lastUsedEpochMs === null
                    ? 'Never used'
                    : `Last used ${formatSince(token.lastUsedEpochMs)}`}
                </small>
              </span>
              <Button tone="danger" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <NewTokenDialog
        open={adding}
        onOpenChange={setAdding}
        onCreated={({ token: _, ...view }) => tokens.put([...(tokens.value ?? []), view])}
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        description="The program that uses it is shut out at once. It needs a new token to come back."
        action="Revoke token"
        busy={busy}
        onConfirm={() => revoking && void revoke(revoking)}
      />
    </Section>
  );
}
