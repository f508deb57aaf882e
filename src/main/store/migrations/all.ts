/** The migrations in order. Append only. */
import type { Migration } from '../database.ts';
import { migration001 } from './001-core.ts';
import { migration002 } from './002-recordings.ts';
import { migration003 } from './003-camio.ts';
import { migration004 } from './004-integrations.ts';
import { migration005 } from './005-backfills.ts';
import { migration006 } from './006-locks.ts';
import { migration007 } from './007-alerts.ts';
import { migration008 } from './008-recorded-spans.ts';
import { migration009 } from './009-volumes.ts';
import { migration010 } from './010-exports.ts';
import { migration011 } from './011-audit.ts';
import { migration012 } from './012-roles.ts';
import { migration013 } from './013-bookmarks-cases.ts';
import { migration014 } from './014-motion-grids.ts';
import { migration015 } from './015-export-contents.ts';
import { migration016 } from './016-backfill-memories.ts';

export const MIGRATIONS: readonly Migration[] = [
  migration001,
  migration002,
  migration003,
  migration004,
  migration005,
  migration006,
  migration007,
  migration008,
  migration009,
  migration010,
  migration011,
  migration012,
  migration013,
  migration014,
  migration015,
  migration016,
];
