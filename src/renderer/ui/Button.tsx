/** Buttons: with words, or an icon alone with a name for screen readers and a tooltip. */
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import styles from './Button.module.css';
import { Tooltip } from './Tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one thing to do here; `quiet`: no frame; `danger`: something goes; `loss`: recordings go, and only then red. */
  tone?: 'plain' | 'primary' | 'quiet' | 'danger' | 'loss';
  icon?: LucideIcon;
  /** Shows that it works on it, and takes no second press. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  tone = 'plain',
  icon: Icon,
  busy,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={[styles.button, styles[tone], className].filter(Boolean).join(' ')}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      {...rest}
    >
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  icon: LucideIcon;
  /** Its name, read out and shown as tooltip. */
  label: string;
  /** Key that does the same, shown in the tooltip. */
  keys?: string;
  tone?: 'quiet' | 'plain' | 'onPicture';
  /** For buttons that stay pressed. */
  pressed?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  tone = 'quiet',
  pressed,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={[styles.button, styles.icon, styles[tone], className].filter(Boolean).join(' ')}
        {...rest}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </Tooltip>
  );
}
