import type { ConnectionId, PersonId } from '../../../contracts/ids.ts';
import { erasers } from '../../api/people/erasers.ts';
import { readmit } from '../../people/erase.ts';
import { type Erasure, erasePerson, previewErasure } from '../../privacy/erasure.ts';
import { getRoster } from '../../sync/sources/sources.ts';
import { type Command, changing, programName } from '../command.ts';
import { facts } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const example = '0199c5a4-0000-7000-8000-000000000000';

export const peopleErase: Command = {
  name: 'people erase',
  about: 'Erase a person for good; without --confirm it only shows what would go',
  arguments: [{ name: 'person', about: 'The person, by the hub’s id' }],
  options: {
    ...tenantOption,
    confirm: { value: 'person', about: 'The same id once more: then it is done, and cannot be undone' },
    ...changing,
  },
  examples: [
    `people erase ${example} --tenant northfield`,
    `people erase ${example} --tenant northfield --confirm ${example} --reason "Asked for by the parents"`,
  ],
  async run({ values, open }) {
    const personId = values.id<PersonId>('person');
    const confirmed = values.optionalId<PersonId>('confirm');
    if (confirmed !== undefined && confirmed !== personId) {
      throw values.wrong('confirm', 'must be the id of the person once more');
    }
    if (confirmed !== undefined && values.optional('reason') === undefined)
      throw values.wrong('reason', 'is missing');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    if (confirmed === undefined) {
      const erasure = await previewErasure(hub.db, tenantId, personId, erasers, by);
      const again = `${programName} people erase ${personId} --tenant ${values.text('tenant')} --confirm ${personId} --reason "…"`;
      const text = `Nothing was erased. This would go:\n\n${describe(erasure)}\n\nTo erase it for good: ${again}`;
      return { json: { isErased: false, erasure }, text };
    }
    const erasure = await erasePerson(hub.db, tenantId, personId, erasers, by);
    const tools =
      erasure.tools.length === 0
        ? ''
        : '\n\nThese tools have known the person under a name of their own. Ask them to erase what they hold as well.';
    return { json: { isErased: true, erasure }, text: `Erased.\n\n${describe(erasure)}${tools}` };
  },
};

function describe({ personIds, tools, counts }: Erasure): string {
  return facts({ persons: personIds, tools, ...counts });
}

export const peopleReadmit: Command = {
  name: 'people readmit',
  about: 'Let a roster bring back somebody who was erased, as somebody new, with its next full run',
  options: {
    ...tenantOption,
    roster: { value: 'id', about: 'The roster connection; roster list shows them', required: true },
    'sourced-id': { value: 'id', about: 'The user’s sourcedId, as the roster has it', required: true },
    ...changing,
  },
  examples: [
    `people readmit --tenant northfield --roster ${example} --sourced-id 4711 --reason "Enrolled again"`,
  ],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    const sourcedId = values.text('sourced-id');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, async (tx) => {
      await getRoster(tx, connectionId);
      await readmit(tx, { connectionId, sourcedId }, by);
    });
    const text = 'Runs leave them out no more. A full run brings them back, if the source still names them.';
    return { json: { connectionId, sourcedId }, text };
  },
};
