import type { ConnectionId } from '../../../contracts/ids.ts';
import {
  checkRoster,
  disableRoster,
  discoverRoster,
  getRoster,
  listRosters,
  pauseRoster,
  type RosterSource,
  resumeRoster,
} from '../../sync/sync.ts';
import { type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import { handOver, packageOption } from './roster-package.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

/** The roster a command is about. */
export const rosterArgument = { name: 'roster', about: 'The roster connection; roster list shows them' };

const example = '0199c5a4-0000-7000-8000-000000000000 --tenant northfield';

export const rosterList: Command = {
  name: 'roster list',
  about: 'List where a tenant’s rosters come from',
  options: tenantOption,
  examples: ['roster list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const rosters = await hub.db.withTenant(tenantId, listRosters);
    const rows = rosters.map((each) => [
      each.connectionId,
      each.name,
      each.vendor === null ? each.connector : `${each.connector} (${each.vendor})`,
      each.status,
      each.nextRunAt === null ? 'when asked' : instant(each.nextRunAt.getTime()),
    ]);
    const heading = ['ID', 'NAME', 'FROM', 'STATUS', 'NEXT RUN'];
    return {
      json: { rosters },
      text: table(heading, rows, 'No roster is connected. To begin: roster connectors'),
    };
  },
};

export const rosterShow: Command = {
  name: 'roster show',
  about: 'Show where a roster comes from, with its settings but for the secrets',
  arguments: [rosterArgument],
  options: tenantOption,
  examples: [`roster show ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const roster = await hub.db.withTenant(tenantId, (tx) => getRoster(tx, connectionId));
    return { json: { roster }, text: describeSource(roster) };
  },
};

export const rosterCheck: Command = {
  name: 'roster check',
  about: 'Ask the source once whether the settings work',
  arguments: [rosterArgument],
  options: { ...tenantOption, ...packageOption },
  examples: [`roster check ${example}`, `roster check ${example} --package export.zip`],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sync = await hub.sync();
    const uploadId = await handOver(values, io, sync, { tenantId, connectionId, by });
    const report = await checkRoster(sync, tenantId, connectionId, { uploadId });
    return {
      json: { report },
      text: [
        `It answers: ${report.source}`,
        `It lets the hub read: ${report.entities.join(', ')}.`,
        ...report.warnings.map((warning) => `Note: ${warning}`),
      ].join('\n'),
    };
  },
};

export const rosterSchools: Command = {
  name: 'roster schools',
  about: 'List the schools the source has, asked now: what can be shared one by one',
  arguments: [rosterArgument],
  options: { ...tenantOption, ...packageOption },
  examples: [`roster schools ${example}`],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sync = await hub.sync();
    const uploadId = await handOver(values, io, sync, { tenantId, connectionId, by });
    const { schools } = await discoverRoster(sync, tenantId, connectionId, { uploadId });
    const { schools: shared } = await hub.db.withTenant(tenantId, (tx) => getRoster(tx, connectionId));
    const rows = schools.map(({ sourcedId, name }) => [
      sourcedId,
      shared === null || shared.includes(sourcedId) ? 'yes' : 'no',
      name,
    ]);
    const none = 'The source names no school.';
    return { json: { schools, shared }, text: table(['SOURCED ID', 'SHARED', 'NAME'], rows, none) };
  },
};

function statusChange(verb: string, about: string, why: string, change: typeof pauseRoster): Command {
  return {
    name: `roster ${verb}`,
    about,
    arguments: [rosterArgument],
    options: { ...tenantOption, ...changing },
    examples: [`roster ${verb} ${example} --reason "${why}"`],
    async run({ values, open }) {
      const connectionId = values.id<ConnectionId>('roster');
      const { hub, by } = await open();
      const { tenantId } = await getNamedTenant(hub, values);
      const roster = await change(await hub.sync(), tenantId, connectionId, by);
      return { json: { roster }, text: `"${roster.name}" is ${roster.status}.` };
    },
  };
}

export const rosterPause = statusChange(
  'pause',
  'Begin no more runs by the schedule; what is asked for runs',
  'The SIS is being moved',
  pauseRoster,
);

export const rosterResume = statusChange(
  'resume',
  'Run by the schedule again',
  'The SIS has moved',
  resumeRoster,
);

export const rosterDisable = statusChange(
  'disable',
  'Switch a source off: nothing runs any more, and what it has brought stays',
  'Replaced by another SIS',
  disableRoster,
);

/** A source in words. Settings stand as JSON, each in a line. */
export function describeSource({ settings, secrets, thresholds, ...rest }: RosterSource): string {
  const { schedule, rollovers, schools, nextRunAt, ...plain } = rest;
  const shown = Object.entries(settings).map(([name, value]) => [`settings.${name}`, value]);
  return facts({
    ...plain,
    ...Object.fromEntries(shown),
    ...Object.fromEntries(secrets.map((name) => [`settings.${name}`, '(secret)'])),
    schools: schools ?? 'all',
    schedule: schedule ?? 'when asked',
    nextRunAt: nextRunAt && instant(nextRunAt.getTime()),
    rollovers: rollovers.map(({ from, to, policy }) => `${from}..${to}=${policy}`),
    thresholds,
  });
}
