/** Starting when the user signs in, hidden. Windows and macOS have a setting for it; on Linux it is a file in the autostart folder. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const HIDDEN_FLAG = '--hidden';

export interface LoginItem {
  isEnabled(): boolean;
  setEnabled(enabled: boolean): void;
}

/** The freedesktop.org way; `configHome` is `$XDG_CONFIG_HOME`. */
export class AutostartFile implements LoginItem {
  private readonly path: string;
  private readonly folder: string;
  private readonly program: string;

  /** `program`: the absolute path of what is started; of an AppImage its own, not that of what it has mounted. */
  constructor(configHome: string, program: string) {
    this.folder = join(configHome, 'autostart');
    this.path = join(this.folder, 'threshold-nvr.desktop');
    this.program = program;
  }

  isEnabled(): boolean {
    try {
      return !/^Hidden=true$/m.test(readFileSync(this.path, 'utf8'));
    } catch {
      return false;
    }
  }

  setEnabled(enabled: boolean): void {
    if (!enabled) {
      rmSync(this.path, { force: true });
      return;
    }
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.path, buildAutostartEntry(this.program));
  }
}

/** Desktop Entry Specification 1.5: an argument is quoted, and within quotes `"`, backtick, `$` and backslash are escaped, once more as a string. */
export function buildAutostartEntry(program: string): string {
  const quoted = program
    .replaceAll(/["`$\\]/g, (character) => `\\${character}`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Threshold NVR',
    'Comment=Records cameras in the background',
    `Exec="${quoted}" ${HIDDEN_FLAG}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
