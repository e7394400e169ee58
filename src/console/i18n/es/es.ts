import { account } from './account.ts';
import { health } from './health.ts';
import { hub } from './hub.ts';
import { institutions } from './institutions.ts';
import { rosters } from './rosters.ts';
import { shell } from './shell.ts';
import { work } from './work.ts';

/** The same in Spanish. */
export const es = { ...account, ...health, ...hub, ...institutions, ...rosters, ...shell, ...work } as const;
