/** A number with its unit, committed while it is typed as long as it is one within its bounds. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { TextField } from './Field.tsx';

export interface NumberFieldProps {
  label: string;
  value: number;
  onValue: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  unit?: string;
  hint?: string;
  hideLabel?: boolean;
  disabled?: boolean;
  className?: string;
}

export function NumberField({
  label,
  value,
  onValue,
  min,
  max,
  step = 1,
  unit,
  hint,
  hideLabel,
  disabled,
  className,
}: NumberFieldProps) {
  const [text, setText] = useState<string | null>(null);
  const typed = text === null ? value : parseNumber(text);
  const problem =
    typed === null || typed < min || typed > max ? t`From ${min} to ${unit ? `${max} ${unit}` : max}.` : null;
  return (
    <TextField
      label={label}
      hideLabel={hideLabel}
      disabled={disabled}
      className={className}
      type="number"
      inputMode="decimal"
      min={min}
      max={max}
      step={step}
      suffix={unit}
      hint={hint}
      value={text ?? String(value)}
      error={problem}
      onChange={(event) => {
        setText(event.target.value);
        const parsed = parseNumber(event.target.value);
        if (parsed !== null && parsed >= min && parsed <= max) onValue(parsed);
      }}
      onBlur={() => setText(null)}
    />
  );
}

function parseNumber(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
