import {
  type ChangeId,
  type ConnectionId,
  newId,
  type OnboardingId,
  type TenantId,
  timeOfId,
} from '../../../contracts/ids.ts';
import { insertConnection, listConnections } from '../../connections/connection-store.ts';
import { updateTier } from '../../connections/tier-store.ts';
import { insertSpans, saveZone } from '../../health/calendars/calendar-store.ts';
import { dateOf } from '../../health/calendars/days.ts';
import { insertChanges } from '../../health/changes/change-store.ts';
import { makeChanges } from '../../health/history/changes.ts';
import { makeOnboardings } from '../../health/history/onboardings.ts';
import { type HistoryTruth, plantTruth } from '../../health/history/truth.ts';
import { type HistorySchool, type HistoryWorld, makeWorld } from '../../health/history/world.ts';
import { addEntry, insertOnboarding } from '../../health/onboarding/onboarding-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { createTenant, findTenantBySlug } from '../../tenants/tenants.ts';

const dayMs = 86_400_000;

/** Schools of which there is nothing but a history: what they are called says so wherever they are shown. */
export const historySlugPrefix = 'demo-';
const nameOf = ({ name }: HistorySchool) => `${name} (demo data)`;

export interface SeededWorld {
  world: HistoryWorld;
  truth: HistoryTruth;
  /** When the first of its schools was made, in unix milliseconds: the history ends that day. */
  madeAt: number;
}

/**
 * Makes the schools of the history with their calendars, connections, onboardings and changes. What an earlier run has made is
 * kept: a school is whole or not there.
 */
export async function makeSchools(hub: { db: Database; clock: Clock }): Promise<SeededWorld> {
  const { db, clock } = hub;
  const slugs = makeWorld({ seed: 'gatehouse', end: '2026-01-01' }).schools.map(({ slug }) => slug);
  const first = await findTenantBySlug(db.directory, `${historySlugPrefix}${slugs[0]}`);
  const madeAt = first === undefined ? clock.now() : timeOfId(first.tenantId);
  const drawn = makeWorld({ seed: 'gatehouse', end: dateOf(Math.floor(madeAt / dayMs)) });
  const by: ChangeBy = { actor: 'demo', now: clock.now() };
  const schools: HistorySchool[] = [];
  for (const school of drawn.schools) schools.push(await ensureSchool(db, school, by));
  const world = { ...drawn, schools };
  const truth = plantTruth(world);
  await tellStories(db, world, truth);
  return { world, truth, madeAt };
}

/** @returns the school under the ids that it has here */
async function ensureSchool(db: Database, school: HistorySchool, by: ChangeBy): Promise<HistorySchool> {
  const slug = `${historySlugPrefix}${school.slug}`;
  const tenant =
    (await findTenantBySlug(db.directory, slug)) ??
    (await createTenant(db, { slug, name: nameOf(school) }, by));
  const known = await db.withTenant(tenant.tenantId, async (tx) => {
    const before = await listConnections(tx);
    if (before.length > 0) return before;
    await connect(tx, school, by);
    return listConnections(tx);
  });
  const connections = school.connections.map((connection) => ({
    ...connection,
    connectionId: known.find(({ kind }) => kind === connection.kind)?.connectionId ?? connection.connectionId,
  }));
  return { ...school, tenantId: tenant.tenantId, connections };
}

async function connect(tx: TenantTx, { zone, spans, connections }: HistorySchool, by: ChangeBy) {
  const now = new Date(by.now);
  await saveZone(tx, zone, now);
  const kept = spans.map((span) => ({ spanId: newId(by.now), ...span, source: 'import' as const }));
  await insertSpans(tx, kept, now);
  for (const { kind, partner, tier } of connections) {
    const connectionId = newId<ConnectionId>(by.now);
    await insertConnection(tx, { connectionId, kind, partner, name: `${partner} (demo data)` }, by.now);
    await updateTier(tx, connectionId, tier);
  }
}

/** Onboardings and changes of every school, once. */
async function tellStories(db: Database, world: HistoryWorld, truth: HistoryTruth): Promise<void> {
  const onboardings = Map.groupBy(makeOnboardings(world, truth), ({ tenantId }) => tenantId);
  const changes = Map.groupBy(makeChanges(world, truth), ({ tenantId }) => tenantId);
  for (const { tenantId } of world.schools) {
    await db.withTenant(tenantId as TenantId, async (tx) => {
      const told = (changes.get(tenantId) ?? []).map((change) => ({
        ...{ changeId: change.changeId as ChangeId, type: change.type, toolId: null, actor: 'demo' },
        ...{ connectionId: change.connectionId as ConnectionId | null, origin: 'run' as const },
        ...{ originRef: `demo:${change.changeId}`, action: `demo.${change.type}` },
        ...{ at: new Date(change.at), reverts: null },
      }));
      // They come first: where none is new, the rest is told, too.
      if ((await insertChanges(tx, told)) === 0) return;
      for (const each of onboardings.get(tenantId) ?? []) await tellOnboarding(tx, each);
    });
  }
}

async function tellOnboarding(tx: TenantTx, told: ReturnType<typeof makeOnboardings>[number]): Promise<void> {
  const { partner, kind, promisedOn, entries } = told;
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return;
  const onboardingId = told.onboardingId as OnboardingId;
  await insertOnboarding(tx, {
    ...{ onboardingId, name: `${partner} (demo data)`, partner, kind, promisedOn },
    connectionId: told.connectionId as ConnectionId,
    ...{ stage: last.stage, waitingOn: last.waitingOn, version: entries.length },
    requestedAt: new Date(first.at),
    endedAt: last.stage === 'stable' ? new Date(last.at) : null,
  });
  for (const { stage, waitingOn, at } of entries) {
    await addEntry(tx, onboardingId, { stage, waitingOn, promisedOn, at: new Date(at), actor: 'demo' });
  }
}
