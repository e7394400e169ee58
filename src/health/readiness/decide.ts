import type { WaitingSide } from '../../../contracts/onboarding.ts';
import type { CheckResult, ReadinessCheck, ReadinessState } from '../../../contracts/readiness.ts';
import { outcomeMeanings } from '../outcomes.ts';
import type { ConnectionFacts, HubFacts, PlanFacts } from './facts.ts';

const dayMs = 86_400_000;
/** How long evidence counts: of something that ran, and of people who were asked. */
const freshMs = { run: 7 * dayMs, plan: 14 * dayMs, people: 56 * dayMs, load: 180 * dayMs } as const;
/** The load that was tried has to be so many times the one that is expected. */
export const loadReserve = 1.5;
/** A plan may change so much more than last year's rollover did, and a roster be so much smaller. */
const planReserve = { factor: 1.5, points: 0.05 } as const;
const leastComplete = 0.8;

type Found = {
  state: ReadinessState;
  at?: number | undefined;
  todo?: string;
  facts?: CheckResult['facts'];
  waitingOn?: WaitingSide;
};

const ready = (at?: number): Found => ({ state: 'ready', at });

/**
 * What a connection needs before a term, by the evidence there is and its age; only what its kind needs.
 *
 * @param termEnds the end of the term, Unix milliseconds
 */
export function decideConnection(facts: ConnectionFacts, termEnds: number, now: number): CheckResult[] {
  const checks: [ReadinessCheck, Found | undefined][] = [
    ['credentials', decideCredentials(facts, termEnds)],
    ['probe', decideUse(facts, now)],
    ['grade_return', facts.kind === 'lms' ? decideGradeReturn(facts, now) : undefined],
    ['dry_run', facts.kind === 'roster' ? decideDryRun(facts, now) : undefined],
    ['completeness', facts.kind === 'roster' ? decideCompleteness(facts) : undefined],
    ['holds', facts.kind === 'roster' ? decideHolds(facts) : undefined],
    ['incidents', decideIncidents(facts)],
  ];
  return checks.flatMap(([check, found]) => (found === undefined ? [] : [toResult(check, found, now)]));
}

/** What an institution needs as a whole. */
export function decideInstitution(contactsAt: number | undefined, now: number): CheckResult[] {
  const found = decideNoted(contactsAt, freshMs.people, now, {
    todo: 'Ask whether the people to call are still right, then note it.',
    waitingOn: 'us',
  });
  return [toResult('contacts', found, now)];
}

/** What the hub needs for all: a load was tried that is half as much again as the one that is expected. */
export function decideHub({ loadTest, forecast }: HubFacts, now: number): CheckResult[] {
  const needed = Math.ceil(forecast * loadReserve);
  const todo = `Try a load of ${needed} exchanges in five minutes, then note what it bore.`;
  const found =
    forecast === 0
      ? ({ state: 'unknown' } as const)
      : loadTest !== undefined && loadTest.amount < needed
        ? ({ state: 'failed', at: loadTest.at, todo, facts: { needed }, waitingOn: 'us' } as const)
        : decideNoted(loadTest?.at, freshMs.load, now, { todo, facts: { needed }, waitingOn: 'us' });
  return [toResult('load', found, now)];
}

/** Whether nothing stops it. */
export function isReady(checks: readonly CheckResult[]): boolean {
  return checks.every(({ state }) => state === 'ready' || state === 'unknown');
}

function toResult(check: ReadinessCheck, found: Found, now: number): CheckResult {
  const { state, at, todo, facts, waitingOn } = found;
  const ageMs = at === undefined ? null : Math.max(0, now - at);
  return { check, state, ageMs, todo: todo ?? null, facts: facts ?? {}, waitingOn: waitingOn ?? null };
}

/** Everything that ends has to outlive the term, or has something that follows it; when a secret ends has to be known. */
function decideCredentials({ endings, undatedSecrets }: ConnectionFacts, termEnds: number): Found {
  const short = endings.find(
    ({ notAfter, nextNotAfter }) => Math.max(notAfter, nextNotAfter ?? 0) < termEnds,
  );
  if (short !== undefined) {
    const day = new Date(short.notAfter).toISOString().slice(0, 10);
    const isOurs = short.thing === 'own_key' || short.thing === 'secret';
    const what = short.thing.replaceAll('_', ' ');
    return {
      state: 'failed',
      todo: `The ${what} ends on ${day}, before the term does. Replace it.`,
      facts: { thing: short.thing, day },
      waitingOn: isOurs ? 'us' : 'school',
    };
  }
  if (undatedSecrets.length > 0) {
    const names = undatedSecrets.join(', ');
    return {
      state: 'missing',
      todo: `Say when these secrets end: ${names}.`,
      facts: { names },
      waitingOn: 'us',
    };
  }
  return ready();
}

/** It worked within a week: used by people, or asked without them; and did not fail when it was asked last. */
function decideUse({ kind, lastProbe, lastSuccess }: ConnectionFacts, now: number): Found | undefined {
  if (kind === 'grades') return undefined;
  const used = lastSuccess ?? 0;
  if (lastProbe !== undefined && outcomeMeanings[lastProbe.outcome].failure && lastProbe.at > used) {
    const waitingOn = lastProbe.outcome === 'failed_partner' ? 'partner' : 'us';
    const reason = lastProbe.reason ?? lastProbe.outcome;
    const todo = `It does not work: ${reason}. Mend it.`;
    return { state: 'failed', at: lastProbe.at, todo, facts: { reason }, waitingOn };
  }
  const asked = lastProbe?.outcome === 'success' ? lastProbe.at : 0;
  const at = Math.max(used, asked) || undefined;
  const todo = 'Let it be asked without people, or make a test by hand.';
  return decideNoted(at, freshMs.run, now, { todo, waitingOn: 'us' });
}

/** A grade that came back, by itself or as somebody has seen it. Who never sent one has no need to. */
function decideGradeReturn({ lastGrade, gradesNotedAt, usesGrades }: ConnectionFacts, now: number): Found {
  if (!usesGrades) return { state: 'unknown' };
  const at = Math.max(lastGrade ?? 0, gradesNotedAt ?? 0) || undefined;
  const todo = 'Send a grade from a test course, look for it in the gradebook, then note it.';
  return decideNoted(at, freshMs.run, now, { todo, waitingOn: 'us' });
}

function decideDryRun({ plan, lastYear }: ConnectionFacts, now: number): Found {
  if (plan === undefined) {
    return { state: 'missing', todo: 'Run the roster dry, and look at its plan.', waitingOn: 'us' };
  }
  const { at } = plan;
  if (plan.isHeld) {
    const todo = 'The plan is held: look at what it would remove, and decide.';
    return { state: 'failed', at, todo, facts: { held: 1 }, waitingOn: 'school' };
  }
  if (lastYear !== undefined) {
    const [removed, created] = [shareOf(plan, 'removed'), shareOf(plan, 'created')];
    const most = (share: number) => Math.max(share * planReserve.factor, share + planReserve.points);
    const isOut =
      removed > most(shareOf(lastYear, 'removed')) || created > most(shareOf(lastYear, 'created'));
    if (isOut) {
      const [oldRemoved, oldCreated] = [shareOf(lastYear, 'removed'), shareOf(lastYear, 'created')];
      return {
        ...{ state: 'failed', at, waitingOn: 'school' },
        todo: `The plan adds ${percent(created)} and removes ${percent(removed)}; last year's rollover ${percent(oldCreated)} and ${percent(oldRemoved)}. Ask the school.`,
        facts: { created, removed, oldCreated, oldRemoved },
      };
    }
  }
  const todo = 'Run the roster dry again: its last plan is old.';
  return decideNoted(at, freshMs.plan, now, { todo, waitingOn: 'us' });
}

/** As many people, classes and places as last year, but for a fifth. */
function decideCompleteness({ plan, lastYear }: ConnectionFacts): Found {
  if (plan === undefined) return { state: 'missing', todo: 'Run the roster once.', waitingOn: 'us' };
  if (lastYear === undefined) return { state: 'unknown', at: plan.at };
  const small = Object.entries(lastYear.sizes).find(
    ([entity, before]) => (plan.sizes[entity] ?? 0) < before * leastComplete,
  );
  if (small === undefined) return ready(plan.at);
  const [entity, before] = small;
  const rows = plan.sizes[entity] ?? 0;
  const todo = `The source has ${rows} rows of ${entity}, last year ${before}. Ask the school for the rest.`;
  return { state: 'failed', at: plan.at, todo, facts: { entity, rows, before }, waitingOn: 'school' };
}

function decideHolds({ heldRuns }: ConnectionFacts): Found {
  if (heldRuns === 0) return ready();
  const todo = `Decide on the ${heldRuns} held runs.`;
  return { state: 'failed', todo, facts: { count: heldRuns }, waitingOn: 'school' };
}

function decideIncidents({ openIncidents, kind }: ConnectionFacts): Found {
  if (openIncidents === 0) return ready();
  const waitingOn = kind === 'grades' ? 'us' : 'partner';
  const todo = `End the ${openIncidents} open incidents.`;
  return { state: 'failed', todo, facts: { count: openIncidents }, waitingOn };
}

function decideNoted(
  at: number | undefined,
  freshForMs: number,
  now: number,
  otherwise: Pick<Found, 'facts'> & { todo: string; waitingOn: WaitingSide },
): Found {
  if (at === undefined) return { state: 'missing', ...otherwise };
  return now - at <= freshForMs ? ready(at) : { state: 'stale', at, ...otherwise };
}

function shareOf(plan: PlanFacts, what: 'removed' | 'created'): number {
  return plan.present === 0 ? 0 : plan[what] / plan.present;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
