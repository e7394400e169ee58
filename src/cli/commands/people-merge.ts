import type { MergeId, PersonId } from '../../../contracts/ids.ts';
import { recordDisclosure } from '../../people/disclosure.ts';
import { listMerges, type Merge, mergePeople, unmergePeople } from '../../people/merges.ts';
import { type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const one = '0199c5a4-0000-7000-8000-000000000000';
const other = '0199c5a4-0000-7000-8000-000000000001';

export const peopleMerge: Command = {
  name: 'people merge',
  about: 'Make two persons one; it can be undone',
  options: {
    ...tenantOption,
    keep: { value: 'person', about: 'Who is kept', required: true },
    absorb: {
      value: 'person',
      about: 'Whose links, names and scores go to the one that is kept',
      required: true,
    },
    'retire-names': { about: 'Tools that know both may be given the kept person’s name' },
    ...changing,
  },
  examples: [
    `people merge --tenant northfield --keep ${one} --absorb ${other} --reason "Two accounts of one pupil"`,
  ],
  async run({ values, open }) {
    const request = {
      keptId: values.id<PersonId>('keep'),
      absorbedId: values.id<PersonId>('absorb'),
      retireNames: values.flag('retire-names'),
    };
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const merge = await hub.db.withTenant(tenantId, (tx) => mergePeople(tx, request, by));
    const undo = `To undo it: people unmerge ${merge.mergeId} --tenant ${values.text('tenant')}`;
    return { json: { merge: summarize(merge) }, text: `${describe(merge)}\n\n${undo}` };
  },
};

export const peopleUnmerge: Command = {
  name: 'people unmerge',
  about: 'Take apart two persons who were merged: everything goes back to whom it belonged to',
  arguments: [{ name: 'merge', about: 'The merge; people merges shows them' }],
  options: { ...tenantOption, ...changing },
  examples: [`people unmerge ${one} --tenant northfield --reason "Twins"`],
  async run({ values, open }) {
    const mergeId = values.id<MergeId>('merge');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const merge = await hub.db.withTenant(tenantId, (tx) => unmergePeople(tx, mergeId, by));
    return { json: { merge: summarize(merge) }, text: describe(merge) };
  },
};

export const peopleMerges: Command = {
  name: 'people merges',
  about: 'List merges, newest first; by ids of the hub',
  options: {
    ...tenantOption,
    person: { value: 'id', about: 'Those this person had a part in' },
    ...limitOption(),
    before: { value: 'id', about: 'Those before this merge: the last one of the page before' },
    identifiers: { about: 'Also what LMSs and rosters call these people; that is put on record' },
    ...changing,
  },
  examples: [
    'people merges --tenant northfield',
    'people merges --tenant northfield --json --identifiers --reason "Ticket 4711"',
  ],
  async run({ values, open }) {
    const limit = readLimit(values);
    const query = {
      of: values.optionalId<PersonId>('person'),
      limit,
      before: values.optionalId<MergeId>('before'),
    };
    const shown = values.flag('identifiers') ? (['identifiers'] as const) : [];
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const merges = await hub.db.withTenant(tenantId, async (tx) => {
      const found = await listMerges(tx, query);
      await recordDisclosure(tx, { shown, of: found.map(({ mergeId }) => `person_merge:${mergeId}`) }, by);
      return found;
    });
    const rows = merges.map(({ mergeId, mergedAt, undoneAt, keptId, absorbedId }) => [
      ...[mergeId, instant(mergedAt.getTime()), undoneAt === null ? 'stands' : 'undone', keptId, absorbedId],
    ]);
    const heading = ['ID', 'MERGED', 'STATE', 'KEPT', 'ABSORBED'];
    const json = { merges: shown.length > 0 ? merges : merges.map(summarize) };
    return { json, text: table(heading, rows, 'Nobody was merged.') };
  },
};

/** A merge without what LMSs and rosters call the two. */
function summarize({ moved, ...merge }: Merge) {
  const { links, ...rest } = moved;
  return { ...merge, moved: { ...rest, links: links.length } };
}

function describe({ moved, mergedAt, undoneAt, ...rest }: Merge): string {
  return facts({
    ...rest,
    mergedAt: instant(mergedAt.getTime()),
    undoneAt: undoneAt && instant(undoneAt.getTime()),
    links: moved.links.length,
    toolsThatKeepTheName: moved.tools.length,
    toolsGivenAnother: moved.retired.length,
    lineItems: moved.lines.length,
  });
}
