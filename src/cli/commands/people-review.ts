import type { ConnectionId, PersonId, ReviewId } from '../../../contracts/ids.ts';
import { recordDisclosure, type Shown } from '../../people/disclosure.ts';
import { reviewReasons } from '../../people/match.ts';
import {
  dismissReview,
  getReview,
  joinReview,
  keepApart,
  listReviews,
  type PersonSummary,
  type ReviewDetails,
  reviewStates,
} from '../../people/people.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type Answer, type Command, changing, type Invocation } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const itemArgument = { name: 'item', about: 'The item; people review lists them' };
const exampleId = '0199c5a4-0000-7000-8000-000000000000';

export const peopleReview: Command = {
  name: 'people review',
  about: 'List who may be one person and who may not, oldest first; ids and reasons, no names',
  options: {
    ...tenantOption,
    state: { value: 'state', about: 'Those in this state; open by default', choices: reviewStates },
    cause: { value: 'code', about: 'Those with this reason', choices: reviewReasons },
    connection: { value: 'id', about: 'Those of this roster' },
    ...limitOption(),
    after: { value: 'id', about: 'Those after this item: the last one of the page before' },
  },
  examples: ['people review --tenant northfield', 'people review --tenant northfield --cause email_only'],
  async run({ values, open }) {
    const limit = readLimit(values);
    const query = {
      state: values.optionalChoice('state', reviewStates) ?? 'open',
      reason: values.optionalChoice('cause', reviewReasons),
      connectionId: values.optionalId<ConnectionId>('connection'),
      after: values.optionalId<ReviewId>('after'),
      limit,
    };
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const reviews = await hub.db.withTenant(tenantId, (tx) => listReviews(tx, query));
    const rows = reviews.map((item) => [
      item.reviewId,
      item.reason,
      item.state,
      instant(item.foundAt.getTime()),
      item.agree.join(', ') || '–',
      item.differ.join(', ') || '–',
    ]);
    const heading = ['ITEM', 'REASON', 'STATE', 'FOUND', 'AGREE', 'DIFFER'];
    const json = { reviews: reviews.map(({ sourcedId: _, ...item }) => item) };
    return { json, text: table(heading, rows, 'Nothing waits for a decision.') };
  },
};

export const peopleReviewShow: Command = {
  name: 'people review-show',
  about: 'Show one item: both sides, and which fields agree and differ',
  arguments: [itemArgument],
  options: {
    ...tenantOption,
    names: { about: 'Also what the two are called; that is put on record' },
    identifiers: { about: 'Also what LMSs and rosters call the two; that is put on record' },
    ...changing,
  },
  examples: [
    `people review-show ${exampleId} --tenant northfield`,
    `people review-show ${exampleId} --tenant northfield --names --identifiers --reason "Ticket 4711"`,
  ],
  async run({ values, open }) {
    const reviewId = values.id<ReviewId>('item');
    const shown = (['names', 'identifiers'] as const).filter((what) => values.flag(what));
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const item = await hub.db.withTenant(tenantId, async (tx) => {
      const found = await getReview(tx, reviewId);
      await recordDisclosure(tx, { shown, of: [`person_review:${reviewId}`] }, by);
      return found;
    });
    return tell(item, shown);
  },
};

export const peopleJoin: Command = {
  name: 'people join',
  about: 'Decide that the two of an item are one person; people unmerge takes it back',
  arguments: [itemArgument],
  options: {
    ...tenantOption,
    keep: { value: 'id', about: 'Which of the two is kept; by default the one tools know' },
    'retire-names': { about: 'Tools that know both are given the kept one’s name from now on' },
    ...changing,
  },
  examples: [`people join ${exampleId} --tenant northfield --reason "Moved here in March"`],
  run(invocation) {
    const keptId = invocation.values.optionalId<PersonId>('keep');
    const retireNames = invocation.values.flag('retire-names');
    return decide(invocation, (tx, id, by) => joinReview(tx, id, { keptId, retireNames }, by));
  },
};

export const peopleKeepApart: Command = {
  name: 'people keep-apart',
  about: 'Decide that the two of an item are not one person; they are not offered for joining again',
  arguments: [itemArgument],
  options: { ...tenantOption, ...changing },
  examples: [`people keep-apart ${exampleId} --tenant northfield`],
  run: (invocation) => decide(invocation, keepApart),
};

export const peopleDismiss: Command = {
  name: 'people dismiss',
  about: 'Leave an item as it is, decided neither way',
  arguments: [itemArgument],
  options: { ...tenantOption, ...changing },
  examples: [`people dismiss ${exampleId} --tenant northfield`],
  run: (invocation) => decide(invocation, dismissReview),
};

async function decide(
  { values, open }: Invocation,
  apply: (tx: TenantTx, reviewId: ReviewId, by: ChangeBy) => Promise<ReviewDetails>,
): Promise<Answer> {
  const reviewId = values.id<ReviewId>('item');
  const { hub, by } = await open();
  const { tenantId } = await getNamedTenant(hub, values);
  return tell(await hub.db.withTenant(tenantId, (tx) => apply(tx, reviewId, by)), []);
}

function tell({ person, other, sourcedId, ...item }: ReviewDetails, shown: readonly Shown[]): Answer {
  const roster = shown.includes('identifiers') ? { sourcedId } : {};
  const side = (one: PersonSummary | undefined) => (one === undefined ? null : discloseSide(one, shown));
  const json = { review: { ...item, ...roster, person: side(person), other: side(other) } };
  const text = facts({
    ...item,
    ...roster,
    foundAt: instant(item.foundAt.getTime()),
    decidedAt: item.decidedAt && instant(item.decidedAt.getTime()),
  });
  const sides = item.personId === item.otherId ? [person] : [person, other];
  return { json, text: [text, ...sides.map((one) => describe(one, shown))].join('\n\n') };
}

function discloseSide({ name, links, ...rest }: PersonSummary, shown: readonly Shown[]) {
  return {
    ...rest,
    ...(shown.includes('names') ? { name } : {}),
    links: links.map(({ subject, ...link }) => (shown.includes('identifiers') ? { ...link, subject } : link)),
  };
}

function describe(one: PersonSummary | undefined, shown: readonly Shown[]): string {
  if (one === undefined) return 'This person is no longer there.';
  const { personId, tools, links, ...rest } = discloseSide(one, shown);
  return facts({
    person: personId,
    ...rest,
    'known to tools': tools,
    links: links.map(({ kind, ...link }) => [kind, ...Object.values(link)].join(' ')),
  });
}
