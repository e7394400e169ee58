import { workShapes } from '../../../contracts/burden.ts';
import type { WorkSourceId } from '../../../contracts/ids.ts';
import { readBurden, readToil } from '../../health/burden/burden.ts';
import { addWorkSource, importWork, readWorkSources, removeWorkSource } from '../../health/burden/work.ts';
import { readWorkCsv } from '../../health/burden/work-csv.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import { getScope, scopeOption } from './incident.ts';

const exampleId = '0199c5a4-0000-7000-8000-000000000000';

export const burdenShow: Command = {
  name: 'burden show',
  about: 'How much work only keeps integrations going, and what the hub makes people do',
  options: { ...scopeOption, months: { value: 'number', about: 'Months of toil; 12 by default' } },
  examples: ['burden show', 'burden show --tenant northfield --months 3'],
  async run({ values, open }) {
    const months = Math.min(Math.max(values.optionalNumber('months') ?? 12, 1), 36);
    const { hub, by } = await open();
    const tenantId = await getScope(hub, values);
    const report = await readBurden(hub.db, tenantId, by.now);
    const toil = await readToil(hub.db, tenantId, { months, now: by.now });
    const stretches = [['28 days', report.month] as const, ['term', report.term] as const];
    const rows = stretches.flatMap(([name, of]) =>
      of === null ? [] : [[name, String(of.total.existing), String(of.total.created), share(of.total.share)]],
    );
    const done = toil.map(({ month, partner, kind, count }) => [month, partner ?? '–', kind, String(count)]);
    const text = [
      table(['OVER', 'MINUTES, EXISTING', 'NEW', 'BURDEN'], rows, ''),
      `\n${table(['MONTH', 'PARTNER', 'TOIL', 'TIMES'], done, 'No toil is recorded.')}`,
    ];
    return { json: { ...report, toil }, text: text.join('\n') };
  },
};

function share(value: number | null): string {
  return value === null ? 'no work is known' : `${Math.round(value * 1_000) / 10} %`;
}

export const burdenImport: Command = {
  name: 'burden import',
  about: 'Take in work as a list with the heading id,integration,partner,minutes,done',
  options: {
    ...scopeOption,
    file: { value: 'file', about: 'The list as CSV; - is standard input', required: true },
    ...changing,
  },
  examples: ['burden import --file work.csv'],
  async run({ values, io, open }) {
    const work = readWorkCsv(await io.readFile(values.text('file')));
    const { hub, by } = await open();
    const count = await importWork(hub.db, await getScope(hub, values), { source: 'csv', work }, by);
    return { json: { count }, text: `Taken: ${count}.` };
  },
};

export const burdenConnect: Command = {
  name: 'burden connect',
  about: 'Let a tracker tell of work by its webhook',
  options: {
    ...scopeOption,
    shape: { value: 'tracker', about: 'Which', choices: workShapes, required: true },
    name: { value: 'text', about: 'What people call it', required: true },
    ...changing,
  },
  examples: ['burden connect --shape github --name Issues'],
  async run({ values, open }) {
    const input = { shape: values.choice('shape', workShapes), name: values.text('name') };
    const { hub, by } = await open();
    const deps = { db: hub.db, secrets: await hub.secrets() };
    const { source, secret, path } = await addWorkSource(deps, await getScope(hub, values), input, by);
    const address = `${hub.baseUrl}${path}`;
    const text = `Added ${source.sourceId}. Enter there the address ${address}\nand this secret, shown only now: ${secret}`;
    return { json: { source, address, secret }, text };
  },
};

export const burdenTrackers: Command = {
  name: 'burden trackers',
  about: 'List trackers that tell of work',
  options: scopeOption,
  examples: ['burden trackers'],
  async run({ values, open }) {
    const { hub } = await open();
    const sources = await readWorkSources(hub.db, await getScope(hub, values));
    const rows = sources.map(({ sourceId, shape, name }) => [sourceId, shape, name]);
    return { json: { sources }, text: table(['ID', 'TRACKER', 'NAME'], rows, 'No tracker tells of work.') };
  },
};

export const burdenDisconnect: Command = {
  name: 'burden disconnect',
  about: 'Take no more from a tracker; what it told of stays',
  arguments: [{ name: 'tracker', about: 'Its id, as burden trackers has it' }],
  options: { ...scopeOption, ...changing },
  examples: [`burden disconnect ${exampleId}`],
  async run({ values, open }) {
    const sourceId = values.id<WorkSourceId>('tracker');
    const { hub, by } = await open();
    const source = await removeWorkSource(hub.db, await getScope(hub, values), sourceId, by);
    return { json: { source }, text: `"${source.name}" is heard no more.` };
  },
};
