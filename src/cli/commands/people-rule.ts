import { linkFields, readMatchRule, rosterColumns } from '../../people/match-rule.ts';
import { findMatchRule, setMatchRule } from '../../people/people.ts';
import { type Command, changing } from '../command.ts';
import { facts } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const none = 'No field is chosen: roster users and people from launches meet nowhere by themselves.';

export const peopleMatchRule: Command = {
  name: 'people match-rule',
  about: 'Show or choose the field by which roster users and people from launches are the same',
  options: {
    ...tenantOption,
    column: { value: 'name', about: `Of roster users: ${rosterColumns.join(', ')} or userIds:<type>` },
    equals: { value: 'field', about: 'Of people from launches', choices: linkFields },
    clear: { about: 'Choose none; who was joined stays so' },
    ...changing,
  },
  examples: [
    'people match-rule --tenant northfield',
    'people match-rule --tenant northfield --column identifier --equals lisPersonSourcedId',
    'people match-rule --tenant northfield --clear',
  ],
  async run({ values, open }) {
    const column = values.optional('column');
    const field = values.optionalChoice('equals', linkFields);
    const isCleared = values.flag('clear');
    if (isCleared && (column !== undefined || field !== undefined)) {
      throw values.wrong('clear', 'excludes --column and --equals');
    }
    if (!isCleared && (column === undefined) !== (field === undefined)) {
      throw values.wrong(column === undefined ? 'column' : 'equals', 'is missing: the two belong together');
    }
    const wanted =
      column === undefined || field === undefined
        ? undefined
        : readMatchRule({ rosterColumn: column, linkField: field });
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    if (wanted === undefined && !isCleared) {
      const rule = await hub.db.withTenant(tenantId, findMatchRule);
      return { json: { rule: rule ?? null }, text: rule === undefined ? none : facts({ ...rule }) };
    }
    const done = await setMatchRule(hub.db, tenantId, wanted, by);
    const text = `${done.joined} joined. ${done.reviews} doubtful, for somebody to decide: people review`;
    return { json: { rule: wanted ?? null, ...done }, text };
  },
};
