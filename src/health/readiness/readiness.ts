import { type ConnectionId, HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import type { CheckResult, EvidenceSubject, PlanProfile } from '../../../contracts/readiness.ts';
import type { Database, TenantTrips, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { listTerms } from '../calendars/terms.ts';
import { listEndings } from '../incidents/expiry-store.ts';
import { knowsConnection } from '../probes/probe-store.ts';
import { connectionUnknown } from '../probes/probes.ts';
import { decideConnection, decideHub, decideInstitution, isReady } from './decide.ts';
import { findEvidence, saveEvidence, saveSecretTerm } from './evidence-store.ts';
import {
  countSharedIncidents,
  listConnectionFacts,
  listLatestPlans,
  listRollovers,
  listSchoolsOf,
  readPeak,
} from './fact-store.ts';
import type { ConnectionFacts } from './facts.ts';

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
/** Without a calendar nobody knows when the term ends: half a year is outlived by what lasts a term. */
const assumedTermMs = 182 * dayMs;

/** How ready a connection is, with whose it is. */
export interface ConnectionReadiness {
  connectionId: string;
  kind: ConnectionFacts['kind'];
  partner: string;
  isReady: boolean;
  checks: CheckResult[];
  /** Of a roster: its last plan, and the one with which last year's term began. */
  plans: { latest: PlanProfile | undefined; lastYear: PlanProfile | undefined };
}

export interface InstitutionReadiness {
  /** The term that is prepared; null where the school has no calendar with one to come. */
  term: { name: string; startsAt: Date; endsAt: Date } | null;
  isReady: boolean;
  /** What the institution as a whole needs. */
  checks: CheckResult[];
  connections: ConnectionReadiness[];
}

type Deps = Pick<Database, 'tenant' | 'withTenant' | 'withHub'>;

/** How ready a school is for its next term, or for the one that is on. @param now Unix milliseconds */
export async function readInstitution(
  db: Deps,
  tenantId: TenantId,
  now: number,
): Promise<InstitutionReadiness> {
  const term = await findTerm(db.tenant(tenantId), now);
  const shared = await db.withHub(countSharedIncidents);
  const startsAt = term?.startsAt.getTime() ?? now;
  const { facts, contactsAt } = await db.withTenant(tenantId, async (tx) => ({
    facts: await readFacts(tx, { now, startsAt, shared }),
    contactsAt: (await findEvidence(tx, 'contacts'))?.notedAt.getTime(),
  }));
  const termEnds = term?.endsAt.getTime() ?? now + assumedTermMs;
  const connections = facts.map((each): ConnectionReadiness => {
    const checks = decideConnection(each, termEnds, now);
    const { connectionId, kind, partner, plan: latest, lastYear } = each;
    const plans = { latest, lastYear };
    return { connectionId, kind, partner, isReady: isReady(checks), checks, plans };
  });
  const checks = decideInstitution(contactsAt, now);
  const all = isReady(checks) && connections.every((each) => each.isReady);
  return { term: term ?? null, isReady: all, checks, connections };
}

/** Most schools that a partner is looked at for at once. */
const mostSchools = 500;

/** How ready a partner's connections are, at every school. */
export async function readPartner(
  db: Deps & Pick<Database, 'withRollup'>,
  partner: string,
  now: number,
): Promise<(ConnectionReadiness & { tenantId: TenantId })[]> {
  const schools = await db.withRollup((tx) => listSchoolsOf(tx, partner, mostSchools));
  const found: (ConnectionReadiness & { tenantId: TenantId })[] = [];
  for (const school of schools) {
    const tenantId = school as TenantId;
    const { connections } = await readInstitution(db, tenantId, now);
    found.push(...connections.flatMap((each) => (each.partner === partner ? [{ tenantId, ...each }] : [])));
  }
  return found;
}

/** What the hub needs for the beginning of term: by last year's busiest weeks, and by the busiest five minutes of late. */
export async function readHubReadiness(
  db: Pick<Database, 'withHub' | 'withRollup'>,
  now: number,
): Promise<{ isReady: boolean; forecast: number; checks: CheckResult[] }> {
  const noted = await db.withHub((tx) => findEvidence(tx, 'load_test'));
  const [lastYear, lately] = await db.withRollup(async (tx) => [
    await readPeak(tx, new Date(now - yearMs), new Date(now - yearMs + 10 * 7 * dayMs)),
    await readPeak(tx, new Date(now - 4 * 7 * dayMs), new Date(now)),
  ]);
  const forecast = Math.max(lastYear ?? 0, lately ?? 0);
  const loadTest =
    noted?.amount === undefined ? undefined : { at: noted.notedAt.getTime(), amount: noted.amount };
  const checks = decideHub({ loadTest, forecast }, now);
  return { isReady: isReady(checks), forecast, checks };
}

export interface NewEvidence {
  subject: EvidenceSubject;
  /** Of a returned grade. */
  connectionId?: ConnectionId | undefined;
  /** Of a load test: exchanges in its best five minutes. */
  amount?: number | undefined;
}

/**
 * Notes evidence that only people have: contacts of a school, a grade that came back over one of its connections, or under the nil
 * tenant a load that the hub bore.
 *
 * @throws DomainError input `evidence_invalid`, not_found `connection_unknown`
 */
export async function noteEvidence(
  db: Pick<Database, 'withTenant' | 'withHub'>,
  tenantId: TenantId,
  { subject, connectionId, amount }: NewEvidence,
  by: ChangeBy,
): Promise<void> {
  const isHub = tenantId === HUB_TENANT;
  const fits =
    isHub === (subject === 'load_test') &&
    (connectionId !== undefined) === (subject === 'grade_return') &&
    (amount !== undefined) === (subject === 'load_test');
  if (!fits) {
    const message =
      'Note contacts for a school, grade_return for one of its connections, and load_test with what was borne for the hub.';
    throw new DomainError('input', 'evidence_invalid', message);
  }
  const evidence = { subject, connectionId, amount, notedAt: new Date(by.now), notedBy: by.actor };
  const announce = `tenant:${tenantId}` as const;
  const change = {
    announce,
    action: 'readiness.noted',
    subject: announce,
    after: { subject, connectionId, amount },
  };
  if (isHub) {
    await db.withHub(async (tx) => {
      await saveEvidence(tx, evidence);
      await recordChange(tx, change, by);
    });
    return;
  }
  await db.withTenant(tenantId, async (tx) => {
    if (connectionId !== undefined && !(await knowsConnection(tx, connectionId))) throw connectionUnknown();
    await saveEvidence(tx, evidence);
    await recordChange(tx, change, by);
  });
}

/**
 * Says when a secret ends that the hub was given: from thirty days before on, people are told.
 *
 * @throws DomainError not_found `connection_unknown`
 */
export async function setSecretTerm(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  { connectionId, name, notAfter }: { connectionId: ConnectionId; name: string; notAfter: Date },
  by: ChangeBy,
): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    if (!(await knowsConnection(tx, connectionId))) throw connectionUnknown();
    await saveSecretTerm(tx, { connectionId, name, notAfter, now: new Date(by.now) });
    const after = { name, notAfter: notAfter.toISOString() };
    const subject = `connection:${connectionId}`;
    await recordChange(tx, { announce: `tenant:${tenantId}`, action: 'secret.term_set', subject, after }, by);
  });
}

/** The next term, or the one that is on where none is to come. */
async function findTerm(tx: TenantTrips, now: number) {
  const terms = (await listTerms(tx)).toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  return (
    terms.find(({ startsAt }) => startsAt.getTime() >= now) ??
    terms.find(({ startsAt, endsAt }) => startsAt.getTime() <= now && now < endsAt.getTime())
  );
}

async function readFacts(
  tx: TenantTx,
  { now, startsAt, shared }: { now: number; startsAt: number; shared: ReadonlyMap<string, number> },
): Promise<ConnectionFacts[]> {
  const stored = await listConnectionFacts(tx, new Date(now));
  const endings = Map.groupBy(await listEndings(tx), ({ connectionId }) => connectionId);
  const plans = new Map((await listLatestPlans(tx)).map((plan) => [plan.connectionId, plan]));
  const lastStart = startsAt - yearMs;
  const rollovers = await listRollovers(
    tx,
    new Date(lastStart - 56 * dayMs),
    new Date(lastStart + 28 * dayMs),
  );
  const lastYears = new Map(rollovers.map((plan) => [plan.connectionId, plan]));
  return stored.map((each) => ({
    ...each,
    endings: endings.get(each.connectionId) ?? [],
    plan: plans.get(each.connectionId),
    lastYear: lastYears.get(each.connectionId),
    openIncidents: each.openIncidents + (shared.get(each.partner) ?? 0),
  }));
}
