import type { ConnectionId, SignInId } from '../../../contracts/ids.ts';
import { parseReference } from '../../platform/http/reference.ts';
import { getIdentity } from '../../sso/identities/identities.ts';
import { explainSignIn, getSignIns, listSignIns, type SignInRecord } from '../../sso/sign-ins.ts';
import type { Command } from '../command.ts';
import { columns, facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const signInList: Command = {
  name: 'sign-in list',
  about: 'List tries to sign in, the newest first, with why somebody was not let in; ids and no names',
  options: {
    ...tenantOption,
    connection: { value: 'id', about: 'Those by this identity connection' },
    ...limitOption(),
    before: { value: 'id', about: 'Those before this try: the signInId of the last one of the page before' },
  },
  examples: ['sign-in list --tenant northfield --limit 50'],
  async run({ values, open }) {
    const connectionId = values.optionalId<ConnectionId>('connection');
    const before = values.optionalId<SignInId>('before');
    const limit = readLimit(values);
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const signIns = await hub.db.withTenant(tenantId, async (tx) => {
      if (connectionId !== undefined) await getIdentity(tx, connectionId);
      return listSignIns(tx, { connectionId, before, limit });
    });
    const rows = signIns.map((each) => [
      each.reference,
      instant(each.at.getTime()),
      each.connectionId,
      `${each.protocol}${each.isTest ? ', test' : ''}`,
      each.outcome,
      each.reason ?? '–',
      each.personId ?? '–',
    ]);
    const heading = ['REFERENCE', 'AT', 'CONNECTION', 'BY', 'OUTCOME', 'REASON', 'PERSON'];
    return { json: { signIns }, text: table(heading, rows, 'Nobody has tried to sign in yet.') };
  },
};

export const signInShow: Command = {
  name: 'sign-in show',
  about: 'Explain a try to sign in, rule by rule, by the reference people read out',
  arguments: [{ name: 'reference', about: 'As shown on the page' }],
  options: tenantOption,
  examples: ['sign-in show K7QF-2M9D --tenant northfield'],
  async run({ values, open }) {
    const reference = parseReference(values.text('reference'));
    if (reference === undefined)
      throw values.wrong('reference', 'must be eight letters and digits, as K7QF-2M9D');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const found = await hub.db.withTenant(tenantId, (tx) => getSignIns(tx, reference));
    const signIns = found.map((record) => ({ ...record, explanation: explainSignIn(record) ?? null }));
    return { json: { signIns }, text: found.map(describe).join('\n\n') };
  },
};

function describe(record: SignInRecord): string {
  const { trace, at, ...rest } = record;
  const rules = trace.map(({ rule, passed }) => [`  ${passed ? 'ok' : 'FAILED'}`, rule]);
  return [
    facts({ ...rest, at: instant(at.getTime()) }),
    ...(rules.length === 0 ? [] : [columns(rules)]),
    say(record),
  ].join('\n\n');
}

/** Who has to act, in words. */
const turns = {
  you: 'the person who signs in',
  school: 'the institution',
  partner: 'the other side',
  hub: 'the operator of the hub',
} as const;

function say(record: SignInRecord): string {
  if (record.reason === null) return 'Nothing has to be mended.';
  const reason = explainSignIn(record);
  if (reason === undefined) return `Nothing more is known about the reason ${record.reason}.`;
  return [
    `What to do: ${reason.advice} (${reason.specification})`,
    `For the help desk: ${reason.helpDesk}`,
    `Whose turn it is: ${turns[reason.turn]}.`,
  ].join('\n');
}
