import type { ConnectionId } from '../../../contracts/ids.ts';
import { type GradeRoute, listRoutes, pauseRoute, resumeRoute } from '../../grades/pause.ts';
import { gradeAdvice, isGradeReason } from '../../grades/reasons.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const connectionArgument = { name: 'connection', about: 'The connection; grades routes shows them' };

export const gradesRoutes: Command = {
  name: 'grades routes',
  about: 'Show how deliveries go, connection by connection: running, paused or stopped, and what waits',
  options: tenantOption,
  examples: ['grades routes --tenant northfield'],
  async run({ values, io, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const routes = await hub.db.withTenant(tenantId, (tx) => listRoutes(tx, io.clock.now()));
    const rows = routes.map((route) => [
      route.connectionId,
      route.partner,
      route.state,
      String(route.pending),
      String(route.due),
      route.oldestPending === null ? '–' : instant(route.oldestPending.getTime()),
      route.blockedUntil === null ? '–' : instant(route.blockedUntil.getTime()),
      route.reason ?? '',
    ]);
    const heading = ['CONNECTION', 'PARTNER', 'STATE', 'WAITING', 'DUE', 'OLDEST', 'NOT BEFORE', 'REASON'];
    return {
      json: { routes },
      text: [table(heading, rows, 'No LMS is connected.'), ...routes.flatMap(advise)].join('\n\n'),
    };
  },
};

function advise({ connectionId, state, reason, partner }: GradeRoute): string[] {
  if (state === 'paused') return [`${connectionId} is paused; to go on: grades resume ${connectionId}`];
  if (state !== 'stopped' || reason === null || !isGradeReason(reason)) return [];
  return [`${connectionId} has stopped. ${gradeAdvice(reason, partner)}`];
}

export const gradesPause: Command = {
  name: 'grades pause',
  about: 'Hold scores back from an LMS; they are still accepted and wait',
  arguments: [connectionArgument],
  options: {
    ...tenantOption,
    reason: { value: 'text', about: 'Why, for the audit trail and for who asks later', required: true },
  },
  examples: [
    'grades pause 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --reason "Maintenance at the LMS"',
  ],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('connection');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, (tx) => pauseRoute(tx, connectionId, values.text('reason'), by));
    return {
      json: { connectionId, state: 'paused' },
      text: `Paused. To go on: grades resume ${connectionId}`,
    };
  },
};

export const gradesResume: Command = {
  name: 'grades resume',
  about: 'Send on what waits for an LMS, after a pause or a stop',
  arguments: [connectionArgument],
  options: { ...tenantOption, ...changing },
  examples: ['grades resume 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('connection');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, (tx) => resumeRoute(tx, connectionId, by));
    return { json: { connectionId, state: 'running' }, text: 'It runs; what waits is sent.' };
  },
};
