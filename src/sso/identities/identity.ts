import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { type identityStatuses, protocols } from '../../../contracts/sso.ts';
import { type RoleRules, roleRules } from '../roles.ts';
import { usualLimits } from '../sessions/session.ts';

export type Protocol = (typeof protocols)[number];

export type IdentityStatus = (typeof identityStatuses)[number];

/** Where an institution's people sign in. */
export interface Identity {
  connectionId: ConnectionId;
  /** What people read where there are several to choose from. */
  name: string;
  protocol: Protocol;
  /** Which product it is. */
  preset: string;
  /** Without those that are secret. */
  settings: Record<string, unknown>;
  /** Names of the secret settings that are there. */
  secrets: string[];
  /** Somebody of whom the roster knows nothing is given a person without a role. */
  allowsNew: boolean;
  /** The attribute that names the same person as the tenant's match rule; null: only known links sign in. */
  matchAttribute: string | null;
  roleRules: RoleRules;
  /** Domains of e-mail addresses, by which people are led here. */
  domains: string[];
  /** Of one person by this connection at once; the oldest gives way. A class may share one account. */
  sessionsPerPerson: number;
  status: IdentityStatus;
  version: number;
}

const domain = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, {
    error: 'Give a domain such as school.example, without @.',
  });

const shared = {
  name: z.string().trim().min(1).max(200),
  allowsNew: z.boolean(),
  matchAttribute: z.string().trim().min(1).max(255).nullable(),
  roleRules,
  domains: z.array(domain).max(100),
  sessionsPerPerson: z.int().min(1).max(500),
};

/** What is given to connect an identity provider or a directory; settings are its protocol's to read. */
export const newIdentity = z.strictObject({
  protocol: z.enum(protocols),
  preset: z.string().min(1).max(100).default('generic'),
  settings: z.record(z.string(), z.unknown()),
  ...shared,
  allowsNew: shared.allowsNew.default(false),
  matchAttribute: shared.matchAttribute.default(null),
  roleRules: shared.roleRules.default([]),
  domains: shared.domains.default([]),
  sessionsPerPerson: shared.sessionsPerPerson.default(usualLimits.perPerson),
});
export type NewIdentity = z.input<typeof newIdentity>;

/** What may be changed; settings are merged one by one, and null takes one out. */
export const identityChanges = z.strictObject({
  ...z.object(shared).partial().shape,
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type IdentityChanges = z.input<typeof identityChanges>;
