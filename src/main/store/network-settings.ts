/** Where the recorder listens, as a setting, and its certificates; their keys encrypted. */
import { z } from 'zod';
import { type NetworkSettings, NetworkSettingsSchema } from '../../shared/network.ts';
import type { CertificateAndKey } from '../settings/certificate.ts';
import type { SecretBox } from '../settings/secrets.ts';
import type { SettingsStore } from './settings.ts';

const KEY = 'network';
const CertificateSchema = z.object({ chain: z.string(), keySealed: z.string() }).nullable().default(null);
const StoredSchema = z.object({
  chosen: NetworkSettingsSchema.nullable().default(null),
  /** Of which network interface the chosen address was: it may have another one later. */
  interfaceName: z.string().nullable().default(null),
  generated: CertificateSchema,
  own: CertificateSchema,
});
type Stored = z.infer<typeof StoredSchema>;

export class NetworkSettingsStore {
  private readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  private readonly box: SecretBox;

  constructor(settings: Pick<SettingsStore, 'get' | 'set'>, box: SecretBox) {
    this.settings = settings;
    this.box = box;
  }

  /** null: nothing was ever chosen. */
  chosen(): { settings: NetworkSettings; interfaceName: string | null } | null {
    const { chosen, interfaceName } = this.read();
    return chosen && { settings: chosen, interfaceName };
  }

  choose(settings: NetworkSettings, interfaceName: string | null): void {
    this.write({ chosen: settings, interfaceName });
  }

  /** null where there is none, or its key can no longer be read. */
  certificate(kind: 'generated' | 'own'): CertificateAndKey | null {
    const stored = this.read()[kind];
    const key = stored && this.box.tryOpen(Buffer.from(stored.keySealed, 'base64'));
    return stored && key ? { chain: stored.chain, key } : null;
  }

  putCertificate(kind: 'generated' | 'own', { chain, key }: CertificateAndKey): void {
    this.write({ [kind]: { chain, keySealed: this.box.seal(key).toString('base64') } });
  }

  private read(): Stored {
    return this.settings.get(KEY, StoredSchema);
  }

  private write(change: Partial<Stored>): void {
    this.settings.set(KEY, { ...this.read(), ...change });
  }
}
