/** The engine's side of the talk with the desktop shell, over the port that a utility process has to its parent. */
import type { EngineMessage, ShellMessage } from '../../shared/desktop.ts';

/** Electron's `process.parentPort`. Messages that came before the first listener wait for it. */
export interface ParentPort {
  postMessage(message: EngineMessage): void;
  on(event: 'message', listener: (event: { data: ShellMessage }) => void): void;
}

export class ShellPort {
  private readonly port: ParentPort;
  private readonly onStop: () => void;
  private localSession: () => { name: string; value: string } | null = () => null;
  private takesKey: (key: string | null) => void = () => {};

  /** `onStop`: the shell asks the engine to end, at whatever point it is. */
  constructor(port: ParentPort, onStop: () => void) {
    this.port = port;
    this.onStop = onStop;
    port.on('message', ({ data }) => this.hear(data));
  }

  tell(message: EngineMessage): void {
    this.port.postMessage(message);
  }

  /** The key to stored secrets; null: it is in the data folder. Resolves when the shell, which may have to ask its user, has said. */
  takeKey(): Promise<string | null> {
    return new Promise((resolve) => {
      this.takesKey = resolve;
      this.tell({ kind: 'wants-key' });
    });
  }

  /** Says where requests are accepted, and from now on gives sessions for the windows. */
  ready(url: string, localSession: () => { name: string; value: string } | null): void {
    this.localSession = localSession;
    this.tell({ kind: 'ready', url });
  }

  private hear(message: ShellMessage): void {
    if (message.kind === 'key') this.takesKey(message.key);
    else if (message.kind === 'stop') this.onStop();
    else this.tell({ kind: 'local-session', cookie: this.localSession() });
  }
}

/** Null unless this process was forked by the desktop app. */
export function findShellPort(onStop: () => void): ShellPort | null {
  const { parentPort } = process as { parentPort?: ParentPort };
  return parentPort ? new ShellPort(parentPort, onStop) : null;
}
