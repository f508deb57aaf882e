/** Settings of the whole engine, each under a name with a schema and a default. */
import { z } from 'zod';
import type { Sql } from './database.ts';

export const StorageLimitsSchema = z.object({
  /** Oldest footage is deleted above this; null: no limit but the disk. */
  maxBytes: z.number().int().positive().nullable().default(null),
  /** Oldest footage is deleted when the disk has less left. */
  minFreeBytes: z.number().int().min(0).default(1_000_000_000),
  /** How much of what recordings may use may be locked. */
  lockCapShare: z.number().min(0).max(0.9).default(0.25),
});
export type StorageLimits = z.infer<typeof StorageLimitsSchema>;

const DetectorSettingsSchema = z.object({ model: z.string().min(1).nullable().default(null) });

export class SettingsStore {
  private readonly sql: Sql;
  private readonly listeners = new Set<(key: string) => void>();

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** The stored value, or what the schema makes of an empty object when nothing (readable) is stored. */
  get<T>(key: string, schema: z.ZodType<T>): T {
    const row = this.sql
      .prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?')
      .get(key);
    const parsed = row ? schema.safeParse(JSON.parse(row.value)) : null;
    return parsed?.success ? parsed.data : schema.parse({});
  }

  set(key: string, value: unknown): void {
    this.sql
      .prepare(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      .run(key, JSON.stringify(value));
    queueMicrotask(() => {
      for (const listener of this.listeners) listener(key);
    });
  }

  storage(): StorageLimits {
    return this.get('storage', StorageLimitsSchema);
  }

  setStorage(limits: Partial<StorageLimits>): StorageLimits {
    const merged = StorageLimitsSchema.parse({ ...this.storage(), ...limits });
    this.set('storage', merged);
    return merged;
  }

  /** The detector model that was chosen; null: the best one that is installed. */
  modelName(): string | null {
    return this.get('detector', DetectorSettingsSchema).model;
  }

  setModelName(model: string | null): void {
    this.set('detector', { model });
  }

  /** Calls `listener` with the name of each setting that was written; returns the undo. */
  subscribe(listener: (key: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
