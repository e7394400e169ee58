import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { RoleRules } from '../../sso/roles.ts';
import type { SsoServices } from '../../sso/services.ts';
import type { SyncServices } from '../../sync/sync.ts';

/** What ways of signing in are put beside. */
export interface IdentityHub {
  db: Database;
  sync: SyncServices;
  sso: SsoServices;
  clock: Clock;
  baseUrl: string;
}

/** What the school's people are, in whichever way they sign in. */
export const demoRoleRules: RoleRules = [
  { group: 'student', role: 'student' },
  { group: 'faculty', role: 'teacher' },
  { group: 'staff', role: 'administrator' },
];

/** The domain of a directory's base: `dc=northside,dc=example` is northside.example. */
export function domainOf(base: string): string {
  return base.replace(/,?dc=/g, '.').slice(1);
}
