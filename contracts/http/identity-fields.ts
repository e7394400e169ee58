import { z } from 'zod';
import { identityStatuses, portalRoles, protocols } from '../sso.ts';
import { instant, reasonText, tenantParams } from './values.ts';

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
  sessionsPerPerson: z
    .int()
    .describe(
      'Sessions of one person at once, 1 to 500; the oldest gives way. A class may share one account',
    ),
};

const optional = z.object(changeable).partial().shape;
const settings = z.record(z.string(), z.unknown());

export const newIdentityBody = z.strictObject({
  protocol: z.enum(protocols),
  preset: z.string().optional().describe('Which product it is, as identity-protocols names it'),
  settings: settings.describe('As the protocol’s settings say; secrets are sealed'),
  ...optional,
  name: changeable.name,
  reason: reasonText,
});

export const identityChangesBody = z.strictObject({
  ...optional,
  settings: settings.optional().describe('Merged one by one; null takes a setting out'),
  reason: reasonText,
});

const certificateWarning = z
  .object({
    whose: z
      .enum(['theirs', 'ours'])
      .describe('The other side’s certificate, or that of the hub’s key towards it'),
    kind: z.enum(['expires', 'expired', 'inside_term']),
    fingerprint: z.string().describe('SHA-256 of the certificate, in lower-case hexadecimal'),
    subject: z.string(),
    validTo: instant,
    days: z
      .int()
      .nullable()
      .describe('The nearest of 60, 30, 14, 7 and 1 days before the end that was reached'),
    term: z.string().nullable().describe('In which it ends'),
  })
  .meta({ id: 'CertificateWarning' });

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
    warnings: z
      .array(certificateWarning)
      .describe('What somebody has to look after before people cannot sign in, the first to end first'),
  })
  .meta({ id: 'Identity' });
