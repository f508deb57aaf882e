/** The fields of the network settings. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import {
  type NetworkChange,
  NetworkInputSchema,
  type NetworkSettings,
  type NetworkView,
  type OwnCertificateInput,
  REACHES,
} from '../../../../shared/network.ts';
import { networkApi } from '../../../client/network-api.ts';
import { Button } from '../../../ui/Button.tsx';
import { Checkbox, Select } from '../../../ui/Field.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { ErrorNote, Note } from '../../../ui/States.tsx';
import settingsStyles from '../SettingsPage.module.css';
import styles from './Network.module.css';
import { OwnCertificateFields } from './OwnCertificateFields.tsx';

const REACH_OPTIONS = [
  { value: 'computer', label: t`This computer only` },
  { value: 'network', label: t`The whole network` },
  { value: 'address', label: t`One address of this computer` },
] as const;
const CERTIFICATE_OPTIONS = [
  { value: 'none', label: t`None (HTTP)` },
  { value: 'generated', label: t`HTTPS, with a certificate that the recorder makes` },
  { value: 'own', label: t`HTTPS, with your own certificate` },
] as const;
const EMPTY: OwnCertificateInput = { chain: '', key: '' };

export function NetworkForm({
  view,
  onChanged,
}: {
  view: NetworkView;
  onChanged: (change: NetworkChange) => void;
}) {
  const [draft, setDraft] = useState<NetworkSettings>(view.settings);
  const [own, setOwn] = useState<OwnCertificateInput>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const put = (change: Partial<NetworkSettings>) => setDraft({ ...draft, ...change });
  const hasOwn = own.chain !== '' || own.key !== '';
  const input = { ...draft, ...(draft.certificate === 'own' && hasOwn && { own }) };
  const isDirty = hasOwn || JSON.stringify(draft) !== JSON.stringify(view.settings);
  const byFlag = view.flag !== null;

  async function apply(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onChanged(await networkApi.change(input));
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(false);
    }
  }
  function putReach(value: string) {
    const reach = REACHES.find((one) => one === value) ?? 'computer';
    put({ reach, address: reach === 'address' ? (view.addresses[0]?.address ?? null) : null });
  }

  return (
    <form className={settingsStyles.form} aria-label={t`Network`} onSubmit={(event) => void apply(event)}>
      <div className={styles.pair}>
        <Select
          label={t`Reachable from`}
          value={draft.reach}
          options={REACH_OPTIONS}
          disabled={byFlag}
          onValue={putReach}
        />
        <NumberField
          label={t`Port`}
          value={draft.port}
          min={1}
          max={65_535}
          disabled={byFlag}
          onValue={(port) => put({ port: Math.round(port) })}
        />
      </div>
      {draft.reach === 'address' && (
        <Select
          label={t`Address`}
          value={draft.address ?? ''}
          options={addressOptions(view, draft.address)}
          disabled={byFlag}
          onValue={(address) => put({ address })}
        />
      )}
      <Select
        label={t`Encryption`}
        value={draft.certificate}
        options={CERTIFICATE_OPTIONS}
        onValue={(value) =>
          put({ certificate: CERTIFICATE_OPTIONS.find((one) => one.value === value)?.value ?? 'none' })
        }
      />
      {draft.certificate === 'own' && (
        <OwnCertificateFields value={own} isStored={view.certificates.own !== null} onValue={setOwn} />
      )}
      {draft.certificate !== 'none' && (
        <Checkbox
          label={t`Lead browsers from http:// on to https://`}
          hint={t`At the same port. Otherwise connections without encryption are closed.`}
          checked={draft.plainHttp === 'redirect'}
          onChecked={(on) => put({ plainHttp: on ? 'redirect' : 'off' })}
        />
      )}
      {draft.certificate === 'none' && draft.reach !== 'computer' && !byFlag && (
        <Note>
          <Trans>
            Without encryption, passwords and pictures can be read by others on the way to the browser.
          </Trans>
        </Note>
      )}
      {draft.reach === 'computer' && isDirty && !byFlag && !isThisComputer() && (
        <Note>
          <Trans>
            You are not at the recorder itself, so you could not open the new address and confirm it: after a
            minute all would be as before.
          </Trans>
        </Note>
      )}
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={settingsStyles.actions}>
        <Button
          type="submit"
          tone="primary"
          busy={busy}
          disabled={!isDirty || !NetworkInputSchema.safeParse(input).success}
        >
          <Trans>Try out</Trans>
        </Button>
        {isDirty && (
          <Button
            onClick={() => {
              setDraft(view.settings);
              setOwn(EMPTY);
              setProblem(null);
            }}
          >
            <Trans>Discard</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}

/** The stored one too, where this computer no longer has it. */
function addressOptions({ addresses }: NetworkView, chosen: string | null) {
  const options = addresses.map(({ address, interfaceName }) => ({
    value: address,
    label: `${address} (${interfaceName})`,
  }));
  if (chosen === null || addresses.some(({ address }) => address === chosen)) return options;
  return [{ value: chosen, label: t`${chosen} (not there now)` }, ...options];
}

function isThisComputer(): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
}
