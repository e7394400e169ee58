import type { z } from 'zod';
import type { directorySettings } from './settings.ts';

type Suggested = Partial<z.input<typeof directorySettings>>;

/** What connections to products begin with, as data. */
export const ldapPresets = {
  generic: { kind: 'generic', key: 'entryUUID', user: { nameAttributes: ['uid', 'mail'] } },
  ad: {
    kind: 'ad',
    key: 'objectGUID',
    user: { nameAttributes: ['sAMAccountName', 'userPrincipalName'] },
  },
} as const satisfies Record<string, Suggested>;
