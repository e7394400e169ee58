import type { RunId } from '../../../contracts/ids.ts';
import { writeFindingsCsv } from '../../api/rosters/findings-csv.ts';
import { DomainError } from '../../platform/errors.ts';
import type { PlanSummary } from '../../sync/engine.ts';
import type { Hold } from '../../sync/run.ts';
import { getRun, listFindings } from '../../sync/sync.ts';
import type { Command } from '../command.ts';
import { columns, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

/** The run a command is about. */
export const runArgument = { name: 'run', about: 'The run; roster runs shows them' };

const ofFindings = { usual: 50, most: 500 };

export const rosterPlan: Command = {
  name: 'roster plan',
  about: 'Show what a run would do, by entity and school, with samples and with what holds it',
  arguments: [runArgument],
  options: tenantOption,
  examples: ['roster plan 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const runId = values.id<RunId>('run');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const { plan, holds, state } = await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
    if (plan === null) {
      const message = `The run has no plan; it is ${state}.`;
      throw new DomainError('conflict', 'run_unplanned', message);
    }
    return {
      json: { state, plan, holds },
      text: [...describePlan(plan), sayHolds(holds, state)].join('\n\n'),
    };
  },
};

function describePlan({ counts, massChanges, samples, sealed, offered, rejected }: PlanSummary): string[] {
  const rows = counts.map((each) => [
    each.entity,
    each.school ?? '–',
    ...[each.present, each.created, each.changed, each.removed, each.restored].map(String),
  ]);
  const heading = ['ENTITY', 'SCHOOL', 'NOW', 'NEW', 'CHANGED', 'REMOVED', 'BACK'];
  const shown = samples
    .filter(({ sourcedIds }) => sourcedIds.length > 0)
    .map(({ entity, action, sourcedIds }) => [`  ${action}`, entity, sourcedIds.join(' ')]);
  const many = massChanges.map(({ kind, entity, column, count, had }) => [
    `  ${kind}`,
    entity,
    column,
    kind === 'emptied' ? `${count} of ${had}` : `${count} beside ${had}`,
  ]);
  return [
    table(heading, rows, 'It would change nothing.'),
    ...(many.length === 0 ? [] : [`Many rows alike:\n${columns(many)}`]),
    ...(shown.length === 0 ? [] : [`For example:\n${columns(shown)}`]),
    `${offered} rows were offered, ${rejected} of them rejected. Read to the end: ${sealed.join(', ') || 'nothing'}.`,
  ];
}

function sayHolds(holds: readonly Hold[], state: string): string {
  if (holds.length === 0) return `Nothing holds it. The run is ${state}.`;
  const rows = holds.map(({ code, entity, school, count, total, allowed }) => [
    `  ${code}`,
    entity ?? '–',
    school ?? '–',
    `${count} of ${total}`,
    `${allowed} would have passed`,
  ]);
  return `What holds it (the run is ${state}):\n${columns(rows)}`;
}

export const rosterFindings: Command = {
  name: 'roster findings',
  about: 'List what a run found wrong in the source, or write all of it into a file',
  arguments: [runArgument],
  options: {
    ...tenantOption,
    csv: { value: 'file', about: 'Write every finding into this new file, for whoever mends the source' },
    ...limitOption(ofFindings),
    after: { value: 'number', about: 'Those after this one: the last number of the page before' },
  },
  examples: [
    'roster findings 0199c5a4-0000-7000-8000-000000000000 --tenant northfield',
    'roster findings 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --csv findings.csv',
  ],
  async run({ values, io, open }) {
    const runId = values.id<RunId>('run');
    const limit = readLimit(values, ofFindings);
    const after = readNumber(values, 'after');
    const file = values.optional('csv');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const page = (from: number | undefined, most: number) =>
      hub.db.withTenant(tenantId, (tx) =>
        listFindings(tx, runId, { limit: most, ...(from === undefined ? {} : { after: from }) }),
      );
    await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
    if (file !== undefined) {
      await io.writeFile(
        file,
        writeFindingsCsv((from) => page(from, 1_000)),
      );
      return { json: { file }, text: `Wrote ${file}.` };
    }
    const findings = await page(after, limit);
    const rows = findings.map((each) => [
      String(each.findingNo),
      each.severity,
      each.code,
      each.part === null ? '–' : `${each.part}${each.line === null ? '' : `:${each.line}`}`,
      each.column ?? '–',
      each.sourcedId ?? '–',
      String(each.count),
      each.happened,
    ]);
    const heading = ['NO', 'SEVERITY', 'CODE', 'WHERE', 'COLUMN', 'SOURCED ID', 'ROWS', 'WHAT'];
    return { json: { findings }, text: table(heading, rows, 'Nothing was found wrong.') };
  },
};

/** Findings of later steps have numbers of their own, of ten digits. */
function readNumber(values: Values, name: string): number | undefined {
  const text = values.optional(name);
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw values.wrong(name, 'must be a whole number');
}
