/** Asks for a recording folder: where it is (a new one), what it is for, and its limits. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { FolderChange, VolumeView } from '../../../shared/contract-health.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, Select, TextField } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import styles from './FoldersList.module.css';

const GB = 1_000_000_000;
const ROLES = [
  { value: 'record', label: t`New footage` },
  { value: 'archive', label: t`Archive for older footage` },
] as const;

export interface FolderDialogProps {
  /** Absent: a new one. */
  folder?: VolumeView;
  onClose: () => void;
  onSave: (wanted: FolderChange & { path: string }) => Promise<void>;
}

export function FolderDialog({ folder, onClose, onSave }: FolderDialogProps) {
  const title = folder ? t`Change folder` : t`Add a folder for recordings`;
  const description =
    folder?.path ??
    t`A folder of its own on a disk of this recorder. Writing to it is tried with 32 MB before it is used.`;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      <FolderForm folder={folder} onClose={onClose} onSave={onSave} />
    </Dialog>
  );
}

function FolderForm({ folder, onClose, onSave }: FolderDialogProps) {
  const [path, setPath] = useState(folder?.path ?? '');
  const [role, setRole] = useState<'record' | 'archive'>(folder?.role === 'archive' ? 'archive' : 'record');
  const [afterDays, setAfterDays] = useState(folder?.afterDays ?? 7);
  const [maxGb, setMaxGb] = useState(folder?.maxBytes ? folder.maxBytes / GB : null);
  const [minFreeGb, setMinFreeGb] = useState(
    folder?.minFreeBytes === null || folder === undefined ? null : folder.minFreeBytes / GB,
  );

  return (
    <SubmitForm
      action={folder ? t`Save` : t`Add folder`}
      disabled={path.trim() === ''}
      onSubmit={async () => {
        await onSave({
          ...{ path: path.trim(), role, afterDays: role === 'archive' ? afterDays : null },
          minFreeBytes: minFreeGb === null ? null : Math.round(minFreeGb * GB),
          maxBytes: maxGb === null ? null : Math.round(maxGb * GB),
        });
        onClose();
      }}
      onCancel={onClose}
    >
      {!folder && <PathField path={path} onPath={setPath} />}
      <Select
        label={t`Used for`}
        options={ROLES}
        value={role}
        onValue={(value) => setRole(value === 'archive' ? 'archive' : 'record')}
      />
      {role === 'archive' && (
        <NumberField
          label={t`Move footage here after`}
          value={afterDays}
          min={0}
          max={3650}
          unit="days"
          onValue={setAfterDays}
        />
      )}
      <Limit label={t`Limit footage in this folder`} value={maxGb} from={100} min={1} onValue={setMaxGb} />
      <Limit label={t`A reserve of its own`} value={minFreeGb} from={5} min={0} onValue={setMinFreeGb} />
    </SubmitForm>
  );
}

function PathField({ path, onPath }: { path: string; onPath: (path: string) => void }) {
  const { desktop } = window;
  return (
    <div className={styles.pick}>
      <TextField
        label={t`Folder`}
        value={path}
        autoFocus
        placeholder="/mnt/disk1/threshold"
        onChange={(event) => onPath(event.target.value)}
      />
      {desktop && (
        <Button
          onClick={() => void desktop.chooseFolder().then((chosen) => chosen !== null && onPath(chosen))}
        >
          <Trans>Choose…</Trans>
        </Button>
      )}
    </div>
  );
}

interface LimitProps {
  label: string;
  /** GB; null: none. */
  value: number | null;
  /** Where it starts when it is switched on. */
  from: number;
  min: number;
  onValue: (value: number | null) => void;
}

function Limit({ label, value, from, min, onValue }: LimitProps) {
  return (
    <div>
      <Checkbox label={label} checked={value !== null} onChecked={(on) => onValue(on ? from : null)} />
      {value !== null && (
        <NumberField
          label={label}
          hideLabel
          value={value}
          min={min}
          max={1_000_000}
          unit="GB"
          onValue={onValue}
        />
      )}
    </div>
  );
}
