import { z } from 'zod';
import type { ConnectionId, OnboardingId, TenantId } from '../../../contracts/ids.ts';
import {
  type OnboardingKind,
  type OnboardingState,
  onboardingKinds,
  onboardingStates,
  type StageEvidence,
  stageEvidence,
  type WaitingSide,
  waitingSides,
} from '../../../contracts/onboarding.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** One new integration on its way. */
export interface Onboarding {
  onboardingId: OnboardingId;
  name: string;
  partner: string;
  kind: OnboardingKind;
  /** Known once it is configured. */
  connectionId: ConnectionId | null;
  stage: OnboardingState;
  waitingOn: WaitingSide;
  /** As `2026-12-01`. */
  promisedOn: string | null;
  requestedAt: Date;
  endedAt: Date | null;
  version: number;
}

export interface StoredEntry {
  stage: OnboardingState;
  waitingOn: WaitingSide;
  promisedOn: string | null;
  at: Date;
  actor: string;
  /** What has shown the hub that it is there; null: somebody has said so. */
  evidence: StageEvidence | null;
}

const onboardingRow = z
  .object({
    onboarding_id: z.uuid(),
    name: z.string(),
    partner: z.string(),
    kind: z.enum(onboardingKinds),
    connection_id: z.uuid().nullable(),
    stage: z.enum(onboardingStates),
    waiting_on: z.enum(waitingSides),
    promised_on: z.string().nullable(),
    requested_at: z.date(),
    ended_at: z.date().nullable(),
    version: z.number(),
  })
  .transform((row): Onboarding => {
    const { onboarding_id, connection_id, waiting_on, promised_on, requested_at, ended_at, ...rest } = row;
    return {
      onboardingId: onboarding_id as OnboardingId,
      connectionId: connection_id as ConnectionId | null,
      waitingOn: waiting_on,
      promisedOn: promised_on,
      requestedAt: requested_at,
      endedAt: ended_at,
      ...rest,
    };
  });

const columns = sql`onboarding_id, name, partner, kind, connection_id, stage, waiting_on,
  promised_on::text as promised_on, requested_at, ended_at, version`;

/** The oldest first. */
export function listOnboardings(tx: TenantTx): Promise<Onboarding[]> {
  return tx.many(
    sql`select ${columns} from onboarding where tenant_id = ${tx.tenantId} order by requested_at, onboarding_id`,
    onboardingRow,
  );
}

/** It stays locked where `forChange`. */
export function findOnboarding(
  tx: TenantTx,
  onboardingId: OnboardingId,
  forChange = false,
): Promise<Onboarding | undefined> {
  const lock = forChange ? sql`for update` : sql``;
  return tx.maybeOne(
    sql`select ${columns} from onboarding
      where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId} ${lock}`,
    onboardingRow,
  );
}

export async function hasConnection(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from connection
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/** @throws the database's unique violation `onboarding_of_connection` */
export async function insertOnboarding(tx: TenantTx, onboarding: Onboarding): Promise<void> {
  const { onboardingId, name, partner, kind, connectionId, stage, waitingOn, promisedOn } = onboarding;
  await tx.exec(sql`
    insert into onboarding (tenant_id, onboarding_id, name, partner, kind, connection_id, stage, waiting_on, promised_on,
      requested_at, ended_at, version)
    values (${tx.tenantId}, ${onboardingId}, ${name}, ${partner}, ${kind}, ${connectionId}, ${stage}, ${waitingOn},
      ${promisedOn}, ${onboarding.requestedAt}, ${onboarding.endedAt}, ${onboarding.version})`);
}

/** @throws the database's unique violation `onboarding_of_connection` */
export async function updateOnboarding(tx: TenantTx, onboarding: Onboarding): Promise<void> {
  const { onboardingId, connectionId, stage, waitingOn, promisedOn, endedAt, version } = onboarding;
  await tx.exec(sql`
    update onboarding set connection_id = ${connectionId}, stage = ${stage}, waiting_on = ${waitingOn},
      promised_on = ${promisedOn}, ended_at = ${endedAt}, version = ${version}
    where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId}`);
}

/** Adds where it stands from a moment on; the numbers follow each other, since its row is locked. What it spent in the stage is counted anew. */
export async function addEntry(
  tx: TenantTx,
  onboardingId: OnboardingId,
  entry: Omit<StoredEntry, 'evidence'> & Partial<Pick<StoredEntry, 'evidence'>>,
): Promise<void> {
  const { stage, waitingOn, promisedOn, at, actor, evidence = null } = entry;
  await tx.exec(sql`
    insert into onboarding_event (tenant_id, onboarding_id, event_no, stage, waiting_on, promised_on, at, actor, evidence)
    select ${tx.tenantId}, ${onboardingId}, coalesce(max(event_no), 0) + 1, ${stage}, ${waitingOn},
      ${promisedOn}::date, ${at}::timestamptz, ${actor}, ${evidence}::text
    from onboarding_event where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId}`);
  await noteSince(tx, onboardingId);
}

/** Notes since when it would be in its stage at one stretch, so that lists stand in the order of what it has spent there in all. */
export async function noteSince(tx: TenantTx, onboardingId: OnboardingId): Promise<void> {
  await tx.exec(sql`
    with entry as (
      select stage, extract(epoch from at) as began, extract(epoch from lead(at) over each) as ended,
        last_value(stage) over each as last
      from onboarding_event where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId}
      window each as (order by event_no rows between unbounded preceding and unbounded following))
    update onboarding set in_stage_since = (
      select to_timestamp(max(began) filter (where ended is null)
        - coalesce(sum(greatest(0, ended - began)) filter (where stage = last), 0)) from entry)
    where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId}`);
}

const entryFields = z.object({
  stage: z.enum(onboardingStates),
  waiting_on: z.enum(waitingSides),
  promised_on: z.string().nullable(),
  at: z.date(),
  actor: z.string(),
  evidence: z.enum(stageEvidence).nullable(),
});
const entryRow = entryFields.transform(
  ({ waiting_on, promised_on, ...rest }): StoredEntry => ({
    waitingOn: waiting_on,
    promisedOn: promised_on,
    ...rest,
  }),
);

/** In the order they happened. */
export function listEntries(tx: TenantTx, onboardingId: OnboardingId): Promise<StoredEntry[]> {
  return tx.many(
    sql`select stage, waiting_on, promised_on::text as promised_on, at, actor, evidence from onboarding_event
      where tenant_id = ${tx.tenantId} and onboarding_id = ${onboardingId} order by event_no`,
    entryRow,
  );
}

const pastRow = z
  .object({
    tenant_id: z.uuid(),
    onboarding_id: z.uuid(),
    partner: z.string(),
    kind: z.enum(onboardingKinds),
    requested_at: z.date(),
    ended_at: z.date().nullable(),
    entries: z.array(
      z.object({ stage: z.enum(onboardingStates), waitingOn: z.enum(waitingSides), at: z.coerce.number() }),
    ),
  })
  .transform(({ tenant_id, onboarding_id, requested_at, ended_at, ...rest }) => ({
    tenantId: tenant_id as TenantId,
    onboardingId: onboarding_id as OnboardingId,
    requestedAt: requested_at,
    endedAt: ended_at,
    ...rest,
  }));
export type PastOnboarding = z.output<typeof pastRow>;

/** Onboardings of every school with where they stood, requested since a moment: what forecasts are made from. */
export function listPastOnboardings(tx: RollupTx, since: Date, most: number): Promise<PastOnboarding[]> {
  return tx.many(
    sql`select o.tenant_id, o.onboarding_id, o.partner, o.kind, o.requested_at, o.ended_at, e.entries
      from onboarding o cross join lateral (
        select json_agg(json_build_object('stage', stage, 'waitingOn', waiting_on, 'at', extract(epoch from at) * 1000)
          order by event_no) as entries
        from onboarding_event e where e.tenant_id = o.tenant_id and e.onboarding_id = o.onboarding_id) e
      where o.requested_at >= ${since} and e.entries is not null order by o.requested_at desc limit ${most}`,
    pastRow,
  );
}

const liveRow = z
  .object({ tenant_id: z.uuid(), onboarding_id: z.uuid(), connection_id: z.uuid(), live_at: z.date() })
  .transform(({ tenant_id, onboarding_id, connection_id, live_at }) => ({
    tenantId: tenant_id as TenantId,
    onboardingId: onboarding_id as OnboardingId,
    connectionId: connection_id as ConnectionId,
    liveAt: live_at,
  }));
export type LiveOnboarding = z.output<typeof liveRow>;

/** Those of every school that are live and not yet stable, with when they went live the last time. */
export function listLiveOnboardings(tx: RollupTx): Promise<LiveOnboarding[]> {
  return tx.many(
    sql`select o.tenant_id, o.onboarding_id, o.connection_id, e.at as live_at
      from onboarding o cross join lateral (
        select at from onboarding_event e
        where e.tenant_id = o.tenant_id and e.onboarding_id = o.onboarding_id and e.stage = 'live'
          and not exists (select from onboarding_event b where b.tenant_id = e.tenant_id
            and b.onboarding_id = e.onboarding_id and b.event_no = e.event_no - 1 and b.stage = 'live')
        order by event_no desc limit 1) e
      where o.stage = 'live' and o.connection_id is not null order by o.tenant_id, o.onboarding_id`,
    liveRow,
  );
}
