/** The migrations in order. Append only. */
import type { Migration } from '../database.ts';
import { migration001 } from './001-core.ts';

export const MIGRATIONS: readonly Migration[] = [migration001];
