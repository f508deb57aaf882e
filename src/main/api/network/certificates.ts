/**
 * The certificates of HTTPS: the owner's, and the one that the recorder makes itself, when that is first wanted and anew before it
 * ends.
 */
import type { CertificateView, NetworkSettings } from '../../../shared/network.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/units.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import {
  type CertificateAndKey,
  describeCertificate,
  isUsable,
  makeCertificate,
} from '../../settings/certificate.ts';
import type { NetworkSettingsStore } from '../../store/network-settings.ts';
import type { Protocol } from './door.ts';

export interface CertificatesDeps {
  store: Pick<NetworkSettingsStore, 'certificate' | 'putCertificate'>;
  /** Host names and addresses of this computer. */
  names(): string[];
  clock: Clock;
  log: Logger;
}

const RENEW_BEFORE_MS = 30 * DAY_MS;
const LOOK_EVERY_MS = 12 * HOUR_MS;

export class Certificates {
  private readonly deps: CertificatesDeps;
  private readonly listeners = new Set<(renewed: CertificateAndKey) => void>();
  private cancel = () => {};

  constructor(deps: CertificatesDeps) {
    this.deps = deps;
  }

  /** Calls `listener` with each certificate that takes the place of another, and from now on looks after its end. */
  onRenewed(listener: (renewed: CertificateAndKey) => void): void {
    this.listeners.add(listener);
    this.lookLater();
  }

  stop(): void {
    this.cancel();
  }

  /** How the settings want connections to be spoken with; `own`: a certificate that is not stored yet. */
  async protocolOf(
    { certificate, plainHttp }: NetworkSettings,
    own: CertificateAndKey | null = null,
  ): Promise<Protocol> {
    if (certificate === 'none') return null;
    if (certificate === 'own') {
      const usable = own ?? this.usableOwn();
      if (usable) return { ...usable, plainHttp };
      this.deps.log.warn('the own certificate cannot be used: the recorder takes one that it makes itself');
    }
    const stored = this.deps.store.certificate('generated');
    const generated = stored && !this.endsSoon(stored) ? stored : await this.make();
    return { ...generated, plainHttp };
  }

  /** null: there is none. */
  view(kind: 'generated' | 'own'): CertificateView | null {
    const stored = this.deps.store.certificate(kind);
    return stored && describeCertificate(stored.chain);
  }

  /** What is wrong with the own certificate, or soon will be, where the settings want it; in words. */
  notice({ certificate }: NetworkSettings): string | null {
    if (certificate !== 'own') return null;
    const own = this.usableOwn();
    if (!own)
      return 'The own certificate cannot be used: until another is added, the recorder shows one that it made itself.';
    const leftMs = describeCertificate(own.chain).untilEpochMs - this.deps.clock.epochMs();
    if (leftMs <= 0)
      return 'The certificate has expired: browsers warn of this recorder until another is added.';
    const days = Math.ceil(leftMs / DAY_MS);
    return leftMs > RENEW_BEFORE_MS
      ? null
      : `The certificate ends in ${days} ${days === 1 ? 'day' : 'days'}: add its successor.`;
  }

  /** For others to trust; null while none was made. */
  pem(): string | null {
    return this.deps.store.certificate('generated')?.chain ?? null;
  }

  /** In place of the one that there is, for the names that this computer has now. */
  async make(): Promise<CertificateAndKey> {
    const { store, names, clock, log } = this.deps;
    const made = await makeCertificate(names(), clock.epochMs());
    store.putCertificate('generated', made);
    const { fingerprint, untilEpochMs } = describeCertificate(made.chain);
    log.info({ fingerprint, until: new Date(untilEpochMs).toISOString() }, 'a certificate was made');
    for (const listener of this.listeners) listener(made);
    return made;
  }

  private usableOwn(): CertificateAndKey | null {
    const own = this.deps.store.certificate('own');
    return own && isUsable(own) ? own : null;
  }

  private endsSoon({ chain }: CertificateAndKey): boolean {
    return describeCertificate(chain).untilEpochMs - this.deps.clock.epochMs() < RENEW_BEFORE_MS;
  }

  private lookLater(): void {
    this.cancel = this.deps.clock.after(LOOK_EVERY_MS, () => {
      this.lookLater();
      const stored = this.deps.store.certificate('generated');
      if (stored && this.endsSoon(stored))
        this.make().catch((error: unknown) =>
          this.deps.log.error({ err: error }, 'no certificate could be made'),
        );
    });
  }
}
