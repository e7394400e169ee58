import type { ConnectionId } from '../../../contracts/ids.ts';
import { entities } from '../../../contracts/roster.ts';
import { clearOverride, getRoster, listOverrides, overrideField } from '../../sync/sync.ts';
import { type CliIo, type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import type { Values } from '../values.ts';
import { rosterArgument } from './roster.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const rosterOverride: Command = {
  name: 'roster override',
  about: 'Set a field of the roster by hand, so that the source does not write over it, or let it again',
  arguments: [rosterArgument],
  options: {
    ...tenantOption,
    entity: { value: 'entity', about: 'What kind of row it is', choices: entities, required: true },
    row: { value: 'sourcedId', about: 'Which row', required: true },
    column: { value: 'name', about: 'Which field, as in a CSV header: givenName', required: true },
    value: { value: 'text', about: 'What it says from now on; lists by commas' },
    'value-file': { value: 'file', about: 'The same, in a file: others can read words of a command line' },
    empty: { about: 'It says nothing from now on' },
    clear: { about: 'Let the source write it again' },
    ...changing,
  },
  examples: [
    'roster override 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --entity classes --row c1 --column title ' +
      '--value "Biology 2" --reason "Wrong in the SIS until summer"',
    'roster override 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --entity classes --row c1 --column title ' +
      '--clear',
  ],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const field = {
      entity: values.choice('entity', entities),
      sourcedId: values.text('row'),
      column: values.text('column'),
    };
    const wanted = await readWanted(values, io);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sync = await hub.sync();
    if (wanted === 'cleared') await clearOverride(sync, tenantId, connectionId, field, by);
    else await overrideField(sync, tenantId, connectionId, { ...field, ...wanted }, by);
    const text =
      wanted === 'cleared'
        ? 'The source writes it again, with the next full run.'
        : 'It stands, whatever the source says. To let the source write it again: roster override … --clear';
    return { json: { ...field, state: wanted === 'cleared' ? 'cleared' : 'overridden' }, text };
  },
};

/** @throws UsageError unless exactly one of the four is given */
async function readWanted(values: Values, io: CliIo): Promise<{ value: string | null } | 'cleared'> {
  const [value, file] = [values.optional('value'), values.optional('value-file')];
  const given = [value !== undefined, file !== undefined, values.flag('empty'), values.flag('clear')];
  if (given.filter(Boolean).length !== 1) {
    throw values.wrong('value', 'or one of --value-file, --empty and --clear has to be given, and only one');
  }
  if (values.flag('clear')) return 'cleared';
  if (file !== undefined) return { value: (await io.readFile(file)).replace(/\r?\n$/, '') };
  return { value: value ?? null };
}

export const rosterOverrides: Command = {
  name: 'roster overrides',
  about: 'List the fields of a roster that were set by hand; their values are not shown',
  arguments: [rosterArgument],
  options: tenantOption,
  examples: ['roster overrides 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const found = await hub.db.withTenant(tenantId, async (tx) => {
      await getRoster(tx, connectionId);
      return listOverrides(tx, connectionId);
    });
    const overrides = found.map(({ value: _value, ...rest }) => rest);
    const rows = overrides.map((each) => [
      each.entity,
      each.sourcedId,
      each.column,
      instant(each.setAt.getTime()),
      each.setBy,
    ]);
    const heading = ['ENTITY', 'SOURCED ID', 'COLUMN', 'SET', 'BY'];
    return { json: { overrides }, text: table(heading, rows, 'No field was set by hand.') };
  },
};
