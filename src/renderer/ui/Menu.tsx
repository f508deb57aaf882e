/** A menu of actions that opens from a button. */
import { t } from '@lingui/core/macro';
import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Dot, type Hue } from './Badge.tsx';
import { Kbd } from './Kbd.tsx';
import styles from './Menu.module.css';

export interface MenuAction {
  /** Tells it from others of the same label. */
  key?: string;
  label: string;
  /** A second, quieter line. */
  detail?: string;
  icon?: LucideIcon;
  keys?: string;
  /** A dot before it. */
  hue?: Hue;
  disabled?: boolean;
  /** Shows a tick: the one that holds. */
  checked?: boolean;
  onSelect: () => void;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  /** Groups are parted by a hairline. */
  groups: ReadonlyArray<readonly MenuAction[]>;
  align?: 'start' | 'end';
  onOpen?: () => void;
}

export function Menu({ trigger, groups, align = 'end', onOpen }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(open) => open && onOpen?.()}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.content} align={align} sideOffset={4} collisionPadding={8}>
          {groups
            .filter((group) => group.length > 0)
            .map((group) => (
              <DropdownMenu.Group key={group[0]!.key ?? group[0]!.label} className={styles.group}>
                {group.map(({ key, label, detail, hue, icon: Icon, keys, disabled, checked, onSelect }) => (
                  <DropdownMenu.Item
                    key={key ?? label}
                    className={styles.item}
                    disabled={disabled}
                    onSelect={onSelect}
                  >
                    {hue && <Dot hue={hue} />}
                    {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
                    <span className={styles.label}>
                      {label}
                      {detail && <small>{detail}</small>}
                    </span>
                    {checked && <Check size={16} role="img" aria-label={t`selected`} />}
                    {keys && <Kbd keys={keys} />}
                  </DropdownMenu.Item>
                ))}
              </DropdownMenu.Group>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
