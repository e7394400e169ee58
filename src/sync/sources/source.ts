import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { sourcedIdPattern } from '../../../contracts/roster.ts';
import { type Profile, profiles, type SourceStatus } from '../../../contracts/sync.ts';
import { type Thresholds, thresholds } from '../holds/thresholds.ts';
import { type Rollover, rollover } from '../schedule/rollover.ts';
import { givenSchedule, type Schedule } from '../schedule/schedule.ts';

/** Where an institution's roster comes from. */
export interface RosterSource {
  connectionId: ConnectionId;
  name: string;
  /** Id of a connector. */
  connector: string;
  /** Id of a vendor whose differences the connector knows. */
  vendor: string | null;
  /** Without those that are secret. */
  settings: Record<string, unknown>;
  /** Names of the secret settings that are there. */
  secrets: string[];
  profile: Profile;
  demographics: boolean;
  /** sourcedIds of the schools that are shared; null: all. */
  schools: string[] | null;
  schedule: Schedule | null;
  rollovers: Rollover[];
  thresholds: Thresholds;
  /** Creations and changes flow while removals are held. */
  holdsRemovalsOnly: boolean;
  /** Days that something removed is kept. */
  graceDays: number;
  /** Days that a plan waits for somebody. */
  planDays: number;
  status: SourceStatus;
  nextRunAt: Date | null;
  version: number;
}

const sharedFields = {
  name: z.string().trim().min(1).max(200),
  profile: z.enum(profiles),
  demographics: z.boolean(),
  schools: z
    .array(z.string().regex(sourcedIdPattern, { error: 'That is no sourcedId.' }))
    .min(1, { error: 'Name at least one school, or give null to share all.' })
    .max(20_000)
    .nullable(),
  schedule: givenSchedule.nullable(),
  rollovers: z.array(rollover).max(50),
  thresholds,
  holdsRemovalsOnly: z.boolean(),
  graceDays: z.int().min(0).max(3_650),
  planDays: z.int().min(1).max(90),
};

/** What is given to connect a roster, settings apart: those are the connector's to read. */
export const newRoster = z.strictObject({
  connector: z.string().min(1).max(100),
  vendor: z.string().min(1).max(100).nullable().default(null),
  settings: z.record(z.string(), z.unknown()),
  ...sharedFields,
  profile: sharedFields.profile.default('tolerant'),
  demographics: sharedFields.demographics.default(false),
  schools: sharedFields.schools.default(null),
  schedule: sharedFields.schedule.default(null),
  rollovers: sharedFields.rollovers.default([]),
  thresholds: sharedFields.thresholds.prefault({}),
  holdsRemovalsOnly: sharedFields.holdsRemovalsOnly.default(false),
  graceDays: sharedFields.graceDays.default(30),
  planDays: sharedFields.planDays.default(7),
});
export type NewRoster = z.input<typeof newRoster>;

/** What may be changed; settings are merged one by one, and null takes one out. */
export const rosterChanges = z.strictObject({
  ...z.object(sharedFields).partial().shape,
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type RosterChanges = z.input<typeof rosterChanges>;
