/** A certificate of one's own with its key, pasted or from files. What is stored is never shown again. */
import { t } from '@lingui/core/macro';
import { Upload } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import type { OwnCertificateInput } from '../../../../shared/network.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextArea, TextField } from '../../../ui/Field.tsx';
import { showProblem } from '../../../ui/Toast.tsx';
import styles from './Network.module.css';

export function OwnCertificateFields({
  value,
  isStored,
  onValue,
}: {
  value: OwnCertificateInput;
  isStored: boolean;
  onValue: (value: OwnCertificateInput) => void;
}) {
  const isEncrypted = /ENCRYPTED/.test(value.key);
  return (
    <>
      <PemField
        label={t`Certificate`}
        hint={
          isStored
            ? t`One is stored. Paste another with its key to replace it.`
            : t`PEM, with the certificates that vouch for it below its own.`
        }
        placeholder="-----BEGIN CERTIFICATE-----"
        value={value.chain}
        onValue={(chain) => onValue({ ...value, chain })}
      />
      <PemField
        label={t`Private key`}
        hint={t`PEM. It is stored encrypted and never shown again.`}
        placeholder="-----BEGIN PRIVATE KEY-----"
        value={value.key}
        onValue={(key) => onValue({ ...value, key })}
      />
      {isEncrypted && (
        <TextField
          label={t`Passphrase of the key`}
          type="password"
          autoComplete="off"
          value={value.passphrase ?? ''}
          hint={t`It is used once and not kept.`}
          onChange={(event) => onValue({ ...value, passphrase: event.target.value })}
        />
      )}
    </>
  );
}

function PemField({
  label,
  hint,
  placeholder,
  value,
  onValue,
}: {
  label: string;
  hint: string;
  placeholder: string;
  value: string;
  onValue: (value: string) => void;
}) {
  const file = useRef<HTMLInputElement>(null);
  function read(event: ChangeEvent<HTMLInputElement>) {
    const chosen = event.target.files?.[0];
    // The same file may be chosen again after it was changed.
    event.target.value = '';
    chosen?.text().then(onValue, showProblem);
  }
  return (
    <div className={styles.pem}>
      <TextArea
        label={label}
        hint={hint}
        placeholder={placeholder}
        className={styles.pemText}
        rows={4}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onValue(event.target.value)}
      />
      <input ref={file} type="file" hidden accept=".pem,.crt,.cer,.key" data-field={label} onChange={read} />
      <Button icon={Upload} aria-label={t`${label} from a file`} onClick={() => file.current?.click()}>
        {t`From a file…`}
      </Button>
    </div>
  );
}
