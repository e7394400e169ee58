import { z } from 'zod';
import { profiles, rolloverPolicies, sourceStatuses } from '../sync.ts';
import { instant, reasonText } from './values.ts';

const schedule = z
  .strictObject({
    zone: z.string().describe('IANA name, such as Europe/Berlin'),
    full: z.string().optional().describe('Five cron fields: when everything is read'),
    delta: z.string().optional().describe('Five cron fields: when changes are read, between full runs'),
    quiet: z
      .array(z.strictObject({ from: z.string(), to: z.string() }))
      .optional()
      .describe('Times of day, such as 07:30, between which nothing is begun'),
  })
  .meta({ id: 'Schedule' });

const rollover = z
  .strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    policy: z.enum(rolloverPolicies).describe('Nothing is changed, or only removals wait'),
  })
  .meta({ id: 'Rollover' });

const amount = z.number().nonnegative().optional();

/** What passes without anybody looking. */
const thresholds = z
  .strictObject({
    removedPercent: amount,
    removedFloor: amount,
    fewRemovedFloor: amount,
    schoolRemovedPercent: amount,
    schoolRemovedFloor: amount,
    grownPercent: amount,
    grownFloor: amount,
    wider: z
      .strictObject({
        removedPercent: z.number().nonnegative(),
        removedFloor: z.number().nonnegative(),
        until: z.iso.datetime({ offset: true }),
      })
      .optional()
      .describe('A wider allowance for removals that somebody has agreed to, until a moment'),
  })
  .meta({ id: 'Thresholds' });

const profile = z.enum(profiles).describe('Repair and report, or reject what the binding forbids');

/** What can be said of a roster's source. */
const changeable = {
  name: z.string(),
  profile,
  demographics: z.boolean(),
  schools: z.array(z.string()).nullable().describe('sourcedIds of the schools that are shared; null: all'),
  schedule: schedule.nullable(),
  rollovers: z.array(rollover),
  thresholds,
  holdsRemovalsOnly: z.boolean().describe('Creations and changes flow while removals are held'),
  graceDays: z.int().describe('Days that something removed is kept'),
  planDays: z.int().describe('Days that a plan waits for somebody'),
};

const { name, ...rest } = changeable;
const optional = z.object(rest).partial().shape;
const settings = z.record(z.string(), z.unknown());

export const newRosterBody = z.strictObject({
  connector: z.string().describe('As roster-connectors names it'),
  vendor: z.string().nullable().optional(),
  name,
  settings: settings.describe('As the connector’s settings say; secrets are sealed'),
  ...optional,
  reason: reasonText,
});

export const rosterChangesBody = z.strictObject({
  name: name.optional(),
  ...optional,
  settings: settings.optional().describe('Merged one by one; null takes a setting out'),
  reason: reasonText,
});

export const rosterFields = z
  .object({
    connectionId: z.uuid(),
    connector: z.string(),
    vendor: z.string().nullable(),
    settings: settings.describe('Without those that are secret'),
    secrets: z.array(z.string()).describe('Names of the secret settings that are there'),
    ...changeable,
    status: z.enum(sourceStatuses),
    nextRunAt: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Roster' });
