import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import type { RunMode } from '../../../contracts/sync.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Applied } from '../../sync/engine.ts';
import { type EntityProgress, type Hold, isWorking, type Run } from '../../sync/run.ts';
import { getRoster, getRun, listRuns, requestRun } from '../../sync/sync.ts';
import { type Answer, type CliHub, type CliIo, type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import type { Values } from '../values.ts';
import { rosterArgument } from './roster.ts';
import { handOver, packageOption } from './roster-package.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const rosterRun: Command = {
  name: 'roster run',
  about: 'Bring the roster from its source; a hub that works does it',
  arguments: [rosterArgument],
  options: {
    ...tenantOption,
    full: { about: 'Read all there is; this is the default' },
    delta: { about: 'Read what has changed since the last run' },
    dry: { about: 'End with the plan: nothing is applied' },
    ...packageOption,
    wait: {
      about:
        'Show how it goes until it ends or waits for somebody; only one that fails is an error (--json has the state)',
    },
    ...changing,
  },
  examples: [
    'roster run 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --dry --wait',
    'roster run 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --package export.zip',
  ],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const mode = readMode(values);
    const { hub, by } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, (tx) => getRoster(tx, connectionId));
    const sync = await hub.sync();
    const uploadId = await handOver(values, io, sync, { tenantId, connectionId, by });
    const request = { mode, isDry: values.flag('dry'), ...(uploadId === undefined ? {} : { uploadId }) };
    const runId = await requestRun(sync, tenantId, connectionId, request, by);
    if (!values.flag('wait')) {
      const run = await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
      return {
        json: { run },
        text: `It is in the queue. To see how it goes: roster runs ${connectionId} --tenant ${slug}\nThe run: ${runId}`,
      };
    }
    return waitFor(hub, tenantId, runId, io);
  },
};

function readMode(values: Values): RunMode {
  if (values.flag('full') && values.flag('delta'))
    throw values.wrong('full', 'and --delta exclude each other');
  return values.flag('delta') ? 'delta' : 'full';
}

/** Looks every second, and tells on the way what has changed. */
async function waitFor(hub: CliHub, tenantId: TenantId, runId: RunId, io: CliIo): Promise<Answer> {
  let told = '';
  for (;;) {
    const run = await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
    if (run.state === 'failed') throw failed(run);
    // A dry run ends with its plan, in a state in which others go on.
    if (run.endedAt !== null || !isWorking(run.state)) return { json: { run }, text: describeRun(run) };
    const line = sayProgress(run);
    if (line !== told) io.err(`${line}\n`);
    told = line;
    await io.wait(1_000);
  }
}

/** Who waits wants to know by the exit code. */
function failed({ runId, reason, advice }: Run): DomainError {
  const message = `The run has failed (${reason ?? 'unknown reason'}). ${advice ?? ''}`.trimEnd();
  return new DomainError('conflict', 'run_failed', message, { details: { runId, reason } });
}

function sayProgress({ state, progress, notBefore, reason }: Run): string {
  const read = listProgress(progress).map(
    ([entity, { rows, done }]) => `${entity} ${rows}${done ? '' : '…'}`,
  );
  const later =
    notBefore === null
      ? ''
      : ` not before ${instant(notBefore.getTime())}${reason === null ? '' : ` (${reason})`}`;
  return `${state}${later}${read.length === 0 ? '' : `: ${read.join(', ')}`}`;
}

export const rosterRuns: Command = {
  name: 'roster runs',
  about: 'List a roster’s runs, newest first',
  arguments: [rosterArgument],
  options: {
    ...tenantOption,
    ...limitOption(),
    before: { value: 'id', about: 'Those before this run: the last one of the page before' },
  },
  examples: ['roster runs 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const limit = readLimit(values);
    const before = values.optionalId<RunId>('before');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const runs = await hub.db.withTenant(tenantId, async (tx) => {
      await getRoster(tx, connectionId);
      return listRuns(tx, connectionId, { limit, ...(before === undefined ? {} : { before }) });
    });
    const rows = runs.map((run) => [
      run.runId,
      String(run.runNo),
      instant(run.requestedAt.getTime()),
      `${run.mode}${run.isDry ? ', dry' : ''}`,
      run.state,
      run.reason ?? '–',
      summary(run),
    ]);
    const heading = ['ID', 'NO', 'ASKED FOR', 'MODE', 'STATE', 'REASON', 'PLAN'];
    return { json: { runs }, text: table(heading, rows, 'It has not run yet.') };
  },
};

/** In the models' order, which is the order of reading. */
function listProgress(progress: Run['progress']): [Entity, EntityProgress][] {
  return entities.flatMap((entity) => {
    const each = progress[entity];
    return each === undefined ? [] : [[entity, each]];
  });
}

function summary({ plan }: Run): string {
  if (plan === null) return '–';
  const sum = (name: keyof Applied) => plan.counts.reduce((total, each) => total + each[name], 0);
  const [created, changed, removed, restored] = [
    sum('created'),
    sum('changed'),
    sum('removed'),
    sum('restored'),
  ];
  return sayChanges({ created, changed, removed, restored });
}

function sayChanges({ created, changed, removed, restored }: Applied): string {
  return `+${created + restored} ~${changed} −${removed}`;
}

/** A run in words, with what to do about it. */
export function describeRun(run: Run & { holds?: readonly Hold[] }): string {
  const { plan: _plan, progress, advice, holds: _holds, applied, ...rest } = run;
  const times = Object.entries(rest).map(([name, value]) => [
    name,
    value instanceof Date ? instant(value.getTime()) : value,
  ]);
  const read = listProgress(progress).map(([entity, { rows }]) => `${entity} ${rows}`);
  const done = applied === null ? {} : { applied: sayChanges(applied) };
  const counted = run.plan === null ? {} : { plan: summary(run) };
  const told = facts({ ...Object.fromEntries(times), read, ...counted, ...done });
  const next =
    run.state === 'held'
      ? '\n\nIt waits for somebody: look at roster plan, then roster approve or roster discard.'
      : '';
  return `${told}${advice === null ? '' : `\n\nWhat to do: ${advice}`}${next}`;
}
