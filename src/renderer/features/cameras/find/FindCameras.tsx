/** Finding cameras: the search, one account for many, and a look at each before it is added. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Radar } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { DeviceAddressSchema } from '../../../../shared/onboarding.ts';
import { Link } from '../../../client/router.tsx';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { ErrorNote } from '../../../ui/States.tsx';
import { showToast } from '../../../ui/Toast.tsx';
import { DeviceRow } from './DeviceRow.tsx';
import { searchWords } from './device-words.ts';
import styles from './FindCameras.module.css';
import { addCandidates, namesOf, signInCandidates, useFind } from './find-store.ts';

const EVERY_MS = 700;

export function FindCameras({ onAdded }: { onAdded: () => void }) {
  const find = useFind();
  const { view } = find;
  const isRunning = view?.state === 'running';
  useEffect(() => {
    void useFind.getState().load();
  }, []);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void useFind.getState().load(), EVERY_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  const names = namesOf(find);
  const devices = view?.devices ?? [];

  return (
    <div className={styles.find}>
      <Search />
      {find.error && <ErrorNote>{find.error}</ErrorNote>}
      {devices.length > 0 && (
        <ul className={styles.devices} aria-label={t`Devices found`}>
          {devices.map((device) => (
            <li key={device.id}>
              <DeviceRow device={device} name={names[device.id] ?? ''} />
            </li>
          ))}
        </ul>
      )}
      {signInCandidates(find).length > 0 && <AccountForm count={signInCandidates(find).length} />}
      <AddButton onAdded={onAdded} />
    </div>
  );
}

function Search() {
  const { view, busy, search, stop, addAddress } = useFind();
  const [address, setAddress] = useState('');
  const isRunning = view?.state === 'running';
  const wrong =
    address.trim() === '' || DeviceAddressSchema.safeParse(address).success
      ? null
      : t`An address like 192.168.1.10 or 192.168.1.10:8080.`;
  function add(event: FormEvent) {
    event.preventDefault();
    if (wrong || address.trim() === '') return;
    void addAddress(address.trim()).then(() => setAddress(''));
  }
  return (
    <section className={styles.search} aria-label={t`Search`}>
      <div className={styles.ask}>
        <Button
          tone={isRunning || (view?.devices.length ?? 0) > 0 ? 'plain' : 'primary'}
          icon={Radar}
          busy={busy === 'starting'}
          onClick={() => void (isRunning ? stop() : search())}
        >
          {isRunning ? t`Stop searching` : t`Search the network`}
        </Button>
        <p className={styles.note}>
          <Trans>
            Asks cameras to name themselves (ONVIF), and each address of this recorder’s own networks whether
            it speaks RTSP. No password is sent.
          </Trans>
        </p>
      </div>
      <form className={styles.address} onSubmit={add} aria-label={t`Add by IP address`}>
        <TextField
          label={t`Or the address of a camera`}
          value={address}
          placeholder="192.168.1.10"
          autoComplete="off"
          spellCheck={false}
          error={wrong}
          onChange={(event) => setAddress(event.target.value)}
        />
        <Button type="submit" disabled={address.trim() === '' || wrong !== null || busy !== 'none'}>
          <Trans>Take</Trans>
        </Button>
      </form>
      <div className={styles.progress} role="status">
        {view && view.state !== 'none' && (
          <>
            {isRunning && (
              <progress
                aria-label={t`Search`}
                max={Math.max(1, view.addressesTotal)}
                value={view.addressesDone}
              />
            )}
            <p className={styles.note}>{searchWords(view)}</p>
          </>
        )}
      </div>
    </section>
  );
}

function AccountForm({ count }: { count: number }) {
  const { busy, signIn } = useFind();
  const hasReady = useFind((state) => addCandidates(state).length > 0);
  const [user, setUser] = useState('admin');
  const [password, setPassword] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    void signIn(user, password);
  }
  return (
    <form className={styles.account} onSubmit={submit} aria-label={t`Account of the cameras`}>
      <TextField
        label={t`User of the cameras`}
        value={user}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setUser(event.target.value)}
      />
      <TextField
        label={t`Password of the cameras`}
        type="password"
        value={password}
        autoComplete="new-password"
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button
        type="submit"
        tone={hasReady ? 'plain' : 'primary'}
        busy={busy === 'signing-in'}
        disabled={user.trim() === ''}
      >
        {count === 1
          ? t`Sign in`
          : plural(count, { one: 'Sign in at # camera', other: 'Sign in at # cameras' })}
      </Button>
      <p className={styles.note}>
        <Trans>
          Tried once at each that is ticked, so that none locks the account. Cameras with another password:
          tick only those, and sign in again.
        </Trans>
      </p>
    </form>
  );
}

function AddButton({ onAdded }: { onAdded: () => void }) {
  const find = useFind();
  const wanted = addCandidates(find);
  const names = namesOf(find);
  const unnamed = wanted.some(({ id }) => names[id]?.trim() === '');
  async function add() {
    const added = await find.addWanted();
    if (added > 0)
      showToast(plural(added, { one: 'Camera added. It is being recorded.', other: '# cameras added.' }));
    if (useFind.getState().error === null) onAdded();
  }
  return (
    <div className={styles.actions}>
      {wanted.length > 0 && (
        <Button tone="primary" busy={find.busy === 'adding'} disabled={unnamed} onClick={() => void add()}>
          {wanted.length === 1
            ? t`Add camera`
            : plural(wanted.length, { one: 'Add # camera', other: 'Add # cameras' })}
        </Button>
      )}
      <Link to="/cameras/new">
        <Trans>Type a stream address, or take a demo camera</Trans>
      </Link>
    </div>
  );
}
