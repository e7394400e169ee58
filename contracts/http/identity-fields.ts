import { z } from 'zod';
import { identityStatuses, portalRoles, protocols } from '../sso.ts';
import { tenantParams } from './values.ts';

export const identityParams = tenantParams.extend({
  connectionId: z.uuid().describe('The identity connection'),
});

const roleRule = z
  .strictObject({
    group: z.string().describe('A group or an affiliation, in any case of letters; * is everybody'),
    role: z.enum(portalRoles),
  })
  .meta({ id: 'RoleRule' });

/** What can be said of a connection beside its settings. */
const changeable = {
  name: z.string().describe('What people read where there are several ways to sign in'),
  allowsNew: z.boolean().describe('Whom the roster does not know is given a person without a role'),
  matchAttribute: z
    .string()
    .nullable()
    .describe(
      'Names the same person as the field of the tenant’s match rule; null: only known links sign in',
    ),
  roleRules: z.array(roleRule).describe('The first that fits counts'),
  domains: z.array(z.string()).describe('Domains of e-mail addresses by which people are led here'),
};

const optional = z.object(changeable).partial().shape;
const settings = z.record(z.string(), z.unknown());
const reason = z.string().optional().describe('Why, for the audit trail');

export const newIdentityBody = z.strictObject({
  protocol: z.enum(protocols),
  preset: z.string().optional().describe('Which product it is, as identity-protocols names it'),
  settings: settings.describe('As the protocol’s settings say; secrets are sealed'),
  ...optional,
  name: changeable.name,
  reason,
});

export const identityChangesBody = z.strictObject({
  ...optional,
  settings: settings.optional().describe('Merged one by one; null takes a setting out'),
  reason,
});

export const identityFields = z
  .object({
    connectionId: z.uuid(),
    protocol: z.enum(protocols),
    preset: z.string(),
    settings: settings.describe('Without those that are secret'),
    secrets: z.array(z.string()).describe('Names of the secret settings that are there'),
    ...changeable,
    status: z.enum(identityStatuses),
    version: z.int(),
  })
  .meta({ id: 'Identity' });
