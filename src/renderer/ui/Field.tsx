/** Form controls with their label, hint and error: text, choice, switch, checkbox. The error stands below its cause. */

import { Check, ChevronDown } from 'lucide-react';
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui';
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import styles from './Field.module.css';

interface Labelled {
  label: string;
  /** Below the control; what it means, when that is not plain. */
  hint?: ReactNode;
  error?: string | null;
  /** The label is only read out, not shown. */
  hideLabel?: boolean;
}

export interface TextFieldProps extends Labelled, Omit<InputHTMLAttributes<HTMLInputElement>, 'children'> {
  /** Stands inside at the end, e.g. a unit. */
  suffix?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, error, hideLabel, suffix, className, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        <input
          id={id}
          className={styles.input}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-note` : undefined}
          {...rest}
        />
        {suffix && <span className={styles.suffix}>{suffix}</span>}
      </div>
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

/** Text of several lines. */
export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <textarea
        id={id}
        className={`${styles.input} ${styles.area}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        {...rest}
      />
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

export interface SelectProps extends Labelled, Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> {
  options: ReadonlyArray<{ value: string; label: string }>;
  onValue: (value: string) => void;
}

export function Select({ label, hint, error, hideLabel, options, onValue, className, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        <select
          id={id}
          className={styles.select}
          onChange={(event) => onValue(event.target.value)}
          aria-describedby={error || hint ? `${id}-note` : undefined}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown size={16} className={styles.chevron} aria-hidden="true" />
      </div>
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

export interface ToggleProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  disabled?: boolean;
}

/** On or off at once. */
export function Switch({ label, hint, checked, onChecked, disabled }: ToggleProps) {
  const id = useId();
  return (
    <div className={styles.toggle}>
      <div className={styles.toggleWords}>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <span id={`${id}-note`} className={styles.hint}>
            {hint}
          </span>
        )}
      </div>
      <RadixSwitch.Root
        id={id}
        className={styles.switch}
        checked={checked}
        onCheckedChange={onChecked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-note` : undefined}
      >
        <RadixSwitch.Thumb className={styles.thumb} />
      </RadixSwitch.Root>
    </div>
  );
}

export function Checkbox({ label, hint, checked, onChecked, disabled }: ToggleProps) {
  const id = useId();
  return (
    <div className={styles.check}>
      <RadixCheckbox.Root
        id={id}
        className={styles.checkbox}
        checked={checked}
        onCheckedChange={(value) => onChecked(value === true)}
        disabled={disabled}
        aria-describedby={hint ? `${id}-note` : undefined}
      >
        <RadixCheckbox.Indicator>
          <Check size={12} strokeWidth={3} />
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <div className={styles.toggleWords}>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <span id={`${id}-note`} className={styles.hint}>
            {hint}
          </span>
        )}
      </div>
    </div>
  );
}

function Note({ id, hint, error }: { id: string; hint?: ReactNode; error?: string | null }) {
  if (error)
    return (
      <p id={id} className={styles.error}>
        {error}
      </p>
    );
  return hint ? (
    <p id={id} className={styles.hint}>
      {hint}
    </p>
  ) : null;
}
