/** Where an export goes: to the recorder, to be downloaded, or to a drive that is plugged in. */
import { t } from '@lingui/core/macro';
import { exportsApi } from '../../client/exports-api.ts';
import { useResource } from '../../client/resource.ts';
import { formatBytes } from '../../client/time-format.ts';
import { Select } from '../../ui/Field.tsx';
import { NO_DRIVE } from './export-draft.ts';

const DRIVES_EVERY_MS = 3000;

export function DestinationField({ value, onValue }: { value: string; onValue: (driveId: string) => void }) {
  const drives = useResource('drives', exportsApi.drives, DRIVES_EVERY_MS);
  const found = drives.value ?? [];
  const chosen = found.find(({ id }) => id === value);
  const options = [
    { value: NO_DRIVE, label: t`This recorder, to download` },
    ...found.map(({ id, name, freeBytes, problem }) => ({
      value: id,
      label: problem === null ? t`${name} (${formatBytes(freeBytes)} free)` : name,
    })),
    // A drive that was pulled out stays chosen, so that nothing goes elsewhere unnoticed.
    ...(value !== NO_DRIVE && !chosen ? [{ value, label: t`A drive that is no longer plugged in` }] : []),
  ];
  const gone = value !== NO_DRIVE && !chosen && drives.value ? t`This drive is no longer plugged in.` : null;
  return (
    <Select
      label={t`To`}
      value={value}
      options={options}
      onValue={onValue}
      error={chosen?.problem ?? gone}
      hint={
        found.length === 0 ? t`USB drives appear here when they are plugged into the recorder.` : undefined
      }
    />
  );
}
