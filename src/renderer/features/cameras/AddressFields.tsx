/** The fields of the chosen way to give a camera's address. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { SourceUrlSchema } from '../../../shared/domain-camera.ts';
import { Checkbox, Select, TextField } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segments } from '../../ui/Tabs.tsx';
import styles from './AddCameraPage.module.css';
import { DEMOS, useAddCamera } from './add-camera-store.ts';
import { MAKERS, usesChannel } from './source-templates.ts';

export function AddressFields() {
  const state = useAddCamera();
  if (state.way === 'demo')
    return (
      <div className={styles.group}>
        <Segments
          label={t`Demo camera`}
          value={state.demo}
          options={DEMOS.map(({ id, label }) => ({ value: id, label }))}
          onValue={(demo) => state.set({ demo, look: { state: 'idle' } })}
        />
        <p className={styles.note}>
          <Trans>
            A built-in scene, sent over real RTSP on this machine. Good for a look around; delete it whenever
            you like.
          </Trans>
        </p>
      </div>
    );
  return (
    <div className={styles.group}>
      {state.way === 'maker' ? <MakerFields /> : <UrlFields />}
      <Select
        label={t`Transport`}
        value={state.transport}
        options={[
          { value: 'tcp', label: t`TCP, safe` },
          { value: 'udp', label: t`UDP, for cameras that need it` },
        ]}
        onValue={(value) => state.set({ transport: value === 'udp' ? 'udp' : 'tcp' })}
      />
    </div>
  );
}

function MakerFields() {
  const { parts, setParts, useSub, set } = useAddCamera();
  const maker = MAKERS.find(({ id }) => id === parts.makerId);
  return (
    <>
      <Select
        label={t`Maker`}
        value={parts.makerId}
        options={MAKERS.map(({ id, label }) => ({ value: id, label }))}
        hint={maker?.hint}
        onValue={(makerId) => setParts({ makerId, path: '' })}
      />
      <TextField
        label={t`Host or IP address`}
        value={parts.host}
        placeholder="192.168.1.10"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        onChange={(event) => setParts({ host: event.target.value })}
      />
      <div className={styles.pair}>
        <TextField
          label={t`User`}
          value={parts.user}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setParts({ user: event.target.value })}
        />
        <TextField
          label={t`Password`}
          type="password"
          value={parts.password}
          autoComplete="new-password"
          onChange={(event) => setParts({ password: event.target.value })}
        />
      </div>
      {parts.makerId === 'other' && (
        <TextField
          label={t`Path`}
          value={parts.path}
          placeholder="/stream1"
          spellCheck={false}
          onChange={(event) => setParts({ path: event.target.value })}
        />
      )}
      {usesChannel(parts.makerId) && (
        <NumberField
          label={t`Channel`}
          value={parts.channel}
          min={1}
          max={64}
          hint={t`1 for a camera; its number for one behind a recorder.`}
          onValue={(channel) => setParts({ channel: Math.round(channel) })}
        />
      )}
      {maker?.sub && (
        <Checkbox
          label={t`Use the camera’s sub stream too`}
          hint={t`For the grid and for analysis; spares this machine.`}
          checked={useSub}
          onChecked={(checked) => set({ useSub: checked })}
        />
      )}
    </>
  );
}

function UrlFields() {
  const { url, subUrl, set } = useAddCamera();
  const wrong = (text: string) =>
    text.trim() === '' || SourceUrlSchema.safeParse(text.trim()).success
      ? null
      : t`An address like rtsp://user:password@192.168.1.10/stream1.`;
  return (
    <>
      <TextField
        label={t`Address of the main stream`}
        value={url}
        placeholder="rtsp://user:password@192.168.1.10/stream1"
        spellCheck={false}
        autoComplete="off"
        autoFocus
        error={wrong(url)}
        onChange={(event) => set({ url: event.target.value })}
      />
      <TextField
        label={t`Address of the sub stream, if any`}
        value={subUrl}
        spellCheck={false}
        autoComplete="off"
        error={wrong(subUrl)}
        hint={t`A smaller picture for the grid and for analysis; spares this machine.`}
        onChange={(event) => set({ subUrl: event.target.value })}
      />
    </>
  );
}
