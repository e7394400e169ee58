import { access } from './access.ts';
import { account } from './account.ts';
import { burden } from './burden.ts';
import { forms } from './forms.ts';
import { health } from './health.ts';
import { hub } from './hub.ts';
import { institutions } from './institutions.ts';
import { lms } from './lms.ts';
import { outlets } from './outlets.ts';
import { readiness } from './readiness.ts';
import { rosters } from './rosters.ts';
import { setup } from './setup.ts';
import { shell } from './shell.ts';
import { tools } from './tools.ts';
import { work } from './work.ts';

/** Every text of the console; `{{name}}` is a placeholder. */
export const en = {
  ...access,
  ...account,
  ...burden,
  ...forms,
  ...health,
  ...hub,
  ...institutions,
  ...lms,
  ...outlets,
  ...readiness,
  ...rosters,
  ...setup,
  ...shell,
  ...tools,
  ...work,
} as const;
