import { randomBytes } from 'node:crypto';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { findTenant } from '../../tenants/tenants.ts';
import type { LmsNotices } from '../lms/notices.ts';
import type { LtiServices } from '../services.ts';
import type { LaunchSnapshot } from '../snapshot.ts';
import { workAbreast } from './abreast.ts';
import { listWantedTypes } from './handler-store.ts';
import { understoodTypes } from './notice-types.ts';
import { noticeReasons } from './reasons.ts';
import { planRetry } from './retry.ts';
import { claimSource, listDueSources, noteSource, settleSource } from './source-store.ts';

/** Notes of launches where their LMS takes addresses for notices. */
export interface NoticeSources {
  /** Never waits, never throws: a launch rests on none of it, and the next one says the same. */
  note(
    place: { tenantId: TenantId; connectionId: ConnectionId; deploymentId: string },
    notices: LaunchSnapshot['notices'],
  ): void;
}

/** Every launch says it, so that what was noted lately is not noted again. */
export function createNoticeSources(options: {
  db: Database;
  clock: Clock;
  onFault(event: 'notice_source_not_noted', error: unknown): void;
}): NoticeSources {
  const { db, clock, onFault } = options;
  const noted = createCache<true>({ capacity: 10_000, timeToLiveMs: 3_600_000, clock });
  return {
    note: ({ tenantId, connectionId, deploymentId }, notices) => {
      if (notices === undefined) return;
      const { serviceUrl, types } = notices;
      const key = JSON.stringify([tenantId, connectionId, deploymentId, serviceUrl, types]);
      if (noted.peek(key) !== undefined) return;
      noted.set(key, true);
      const source = { connectionId, deploymentId, serviceUrl, noticeTypes: [...types] };
      db.withTenant(tenantId, (tx) => noteSource(tx, source, new Date(clock.now()))).catch(
        (error: unknown) => {
          noted.invalidate(key);
          onFault('notice_source_not_noted', error);
        },
      );
    },
  };
}

/** Where an LMS sends the notices of one connection. */
export function receivingAddress(baseUrl: string, slug: string, connectionId: string): string {
  return `${baseUrl}/t/${slug}/lti/notices/${connectionId}`;
}

export type RegisterServices = Pick<LtiServices, 'db' | 'clock' | 'baseUrl' | 'recordCall'> & {
  lmsNotices: LmsNotices;
  onFault(event: 'notice_not_sent', error: unknown): void;
};

const claimMs = 5 * 60_000;
const most = 100;
const abreast = 8;
const random = () => randomBytes(4).readUInt32BE() / 2 ** 32;

/** Registers the hub at the notification services that are due. One LMS that fails stops no other. */
export async function registerAtSources(services: RegisterServices, signal: AbortSignal): Promise<void> {
  for (let isFaulty = false; ; ) {
    const due = await services.db.withRollup((tx) =>
      listDueSources(tx, new Date(services.clock.now()), most),
    );
    await workAbreast(due, abreast, async (source) => {
      if (signal.aborted) return;
      await registerAt(services, source).catch((error: unknown) => {
        isFaulty = true;
        services.onFault('notice_not_sent', error);
      });
    });
    // What could not even be put off would be met again at once.
    if (signal.aborted || isFaulty || due.length < most) return;
  }
}

async function registerAt(
  { db, clock, baseUrl, lmsNotices, recordCall }: RegisterServices,
  { tenantId, ...place }: { tenantId: TenantId; connectionId: ConnectionId; deploymentId: string },
): Promise<void> {
  const startedAt = clock.now();
  const lease = { now: new Date(startedAt), until: new Date(startedAt + claimMs) };
  const tenant = await findTenant(db.directory, tenantId);
  const { source, wanted } = await db.withTenant(tenantId, async (tx) => ({
    source: await claimSource(tx, place, lease),
    wanted: await listWantedTypes(tx),
  }));
  if (source === undefined || tenant === undefined) return;
  // Of what it does not understand the hub has only sent what a tool has asked for: others may tell of people.
  const types = source.noticeTypes.filter((type) => understoodTypes.includes(type) || wanted.includes(type));
  const url = receivingAddress(baseUrl, tenant.slug, place.connectionId);
  let failure: DomainError | undefined;
  for (const type of types) {
    try {
      await lmsNotices.putHandler({ ...place, tenantId }, source.serviceUrl, { type, url });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // A type it does not give keeps no other back; what may come right by itself is tried again.
      if (failure === undefined || failure.code === 'lms_refused') failure = error;
    }
  }
  const now = new Date(clock.now());
  // An LMS that says no says so again; what is set wrongly there may be mended.
  const plan = failure && planRetry(source.tries, failure.code === 'lms_refused', random());
  const state = plan === undefined ? 'registered' : plan.kind === 'dead' ? 'dead' : 'waiting';
  const dueAt = plan?.kind === 'again' ? new Date(now.getTime() + plan.afterMs) : null;
  await db.withTenant(tenantId, (tx) =>
    settleSource(
      tx,
      { ...place, serviceUrl: source.serviceUrl, until: lease.until },
      { state, dueAt, failure: failure?.code ?? null, now },
    ),
  );
  const outcome = failure === undefined ? 'success' : outcomeOf(failure);
  const { connectionId } = place;
  recordCall({ kind: 'webhook', outcome, reason: failure?.code ?? null, tenantId, connectionId, startedAt });
}

function outcomeOf({ code }: DomainError) {
  return noticeReasons[code === 'lms_misconfigured' ? code : 'lms_unavailable'].outcome;
}
