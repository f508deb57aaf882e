/** Keys as they stand on the keyboard; `keys` such as 'Ctrl+K' or '?'. */
import styles from './Kbd.module.css';

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(/(?<=.)\+(?=.)/).map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
