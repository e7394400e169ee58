import type { IncidentCause, IncidentSeverity } from '../../../contracts/incidents.ts';
import type { newsEvents } from './notification-store.ts';

/** What is told of an incident: ids, codes and counts, and no person. */
export interface NewsFacts {
  event: (typeof newsEvents)[number];
  incidentId: string;
  severity: IncidentSeverity;
  cause: IncidentCause;
  partner: string | null;
  /** The school's short name; null: it is about several. */
  school: string | null;
  /** What fails: kinds of exchanges, and rules. */
  kinds: readonly string[];
  rules: readonly string[];
  firstFailedAt: Date;
  openedAt: Date;
  resolvedAt: Date | null;
}

const suspicions: Readonly<Record<IncidentCause, string>> = {
  partner: 'The partner’s service',
  certificate: 'A certificate',
  our_change: 'A change of ours',
  hub: 'The hub itself',
  connection: 'This connection alone',
};
const verbs = { opened: 'New incident', acknowledged: 'Taken', resolved: 'Resolved' } as const;

/** One line: what, where, and how bad. */
export function composeSubject(facts: NewsFacts): string {
  const { event, severity, partner, school } = facts;
  const where = [school ?? 'several schools', ...(partner === null ? [] : [partner])].join(', ');
  return `[${severity}] ${verbs[event]}: ${where}`;
}

/** The same with what is known, and what to do. */
export function composeText(facts: NewsFacts): string {
  const { cause, kinds, rules, firstFailedAt, openedAt, resolvedAt, incidentId, event } = facts;
  const lines = [
    composeSubject(facts),
    `Suspected: ${suspicions[cause]}`,
    ...(kinds.length === 0 ? [] : [`What fails: ${kinds.join(', ')}`]),
    `By: ${rules.join(', ')}`,
    `First failure: ${firstFailedAt.toISOString()}`,
    `Noticed: ${openedAt.toISOString()}`,
    ...(resolvedAt === null ? [] : [`Resolved: ${resolvedAt.toISOString()}`]),
    `Incident: ${incidentId}`,
    ...(event === 'opened' ? [`To take it: hub incident acknowledge ${incidentId}`] : []),
  ];
  return lines.join('\n');
}

/** The body for programs. */
export function composePayload(facts: NewsFacts): object {
  const { event, firstFailedAt, openedAt, resolvedAt, ...rest } = facts;
  return {
    type: `incident.${event}`,
    timestamp: (resolvedAt ?? openedAt).toISOString(),
    data: {
      ...rest,
      firstFailedAt: firstFailedAt.toISOString(),
      openedAt: openedAt.toISOString(),
      resolvedAt: resolvedAt?.toISOString() ?? null,
    },
  };
}
