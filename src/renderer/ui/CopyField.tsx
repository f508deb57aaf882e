/** A value to be copied to another program: read only, with a button beside it. */
import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './Button.tsx';
import styles from './CopyField.module.css';
import { TextField } from './Field.tsx';

export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // without a secure origin there is no clipboard: the field can be selected and copied by hand
      input.current?.select();
    }
  }
  return (
    <div className={styles.copy}>
      <TextField
        label={label}
        ref={input}
        value={value}
        readOnly
        onFocus={(event) => event.target.select()}
      />
      <Button
        icon={copied ? Check : Copy}
        aria-label={copied ? t`${label} copied` : t`Copy ${label.toLowerCase()}`}
        onClick={() => void copy()}
      >
        {copied ? t`Copied` : t`Copy`}
      </Button>
    </div>
  );
}
