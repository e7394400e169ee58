import type { ConnectionId, PersonId, SessionId } from '../../../contracts/ids.ts';
import { recordDisclosure } from '../../people/disclosure.ts';
import { getIdentity } from '../../sso/identities/identities.ts';
import type { Session } from '../../sso/sessions/session.ts';
import { listSessions, type RevokedSessions, revokeSessions } from '../../sso/sessions/sessions.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const exampleId = '0199c5a4-0000-7000-8000-000000000000';

export const sessionList: Command = {
  name: 'session list',
  about: 'List who is signed in, the newest first; ids and no names',
  options: {
    ...tenantOption,
    person: { value: 'id', about: 'Those of this person' },
    connection: { value: 'id', about: 'Those that began by this identity connection' },
    ...limitOption(),
    before: { value: 'id', about: 'Those before this session: the last one of the page before' },
    identifiers: { about: 'Also what the other side calls the accounts; that is put on record' },
    ...changing,
  },
  examples: [
    'session list --tenant northfield',
    `session list --tenant northfield --person ${exampleId} --identifiers --reason "Ticket 4711"`,
  ],
  async run({ values, open }) {
    const connectionId = values.optionalId<ConnectionId>('connection');
    const page = {
      connectionId,
      personId: values.optionalId<PersonId>('person'),
      before: values.optionalId<SessionId>('before'),
      limit: readLimit(values),
    };
    const isIdentified = values.flag('identifiers');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sessions = await hub.db.withTenant(tenantId, async (tx) => {
      if (connectionId !== undefined) await getIdentity(tx, connectionId);
      const found = await listSessions(tx, page, new Date(by.now));
      const of = found.map(({ sessionId }) => `session:${sessionId}`);
      await recordDisclosure(tx, { shown: isIdentified ? ['identifiers'] : [], of }, by);
      return found;
    });
    const shown = sessions.map((session) => disclose(session, isIdentified));
    const rows = shown.map(({ subject, ...each }) => [
      each.sessionId,
      each.personId,
      each.connectionId,
      each.role ?? '–',
      instant(each.startedAt.getTime()),
      instant(each.seenAt.getTime()),
      instant(Math.min(each.idleUntil.getTime(), each.endsAt.getTime())),
      ...(subject === undefined ? [] : [subject]),
    ]);
    const heading = ['ID', 'PERSON', 'BY', 'ROLE', 'BEGAN', 'SEEN', 'OPEN UNTIL'];
    const columns = isIdentified ? [...heading, 'ACCOUNT'] : heading;
    return { json: { sessions: shown }, text: table(columns, rows, 'Nobody is signed in.') };
  },
};

function disclose({ subject, endedAt: _at, endedBy: _by, ...rest }: Session, isIdentified: boolean) {
  const shown: typeof rest & { subject?: string } = isIdentified ? { ...rest, subject } : rest;
  return shown;
}

export const sessionRevoke: Command = {
  name: 'session revoke',
  about: 'End one session, all of a person, or all that began by a connection; they must sign in again',
  options: {
    ...tenantOption,
    session: { value: 'id', about: 'This one; session list shows them' },
    person: { value: 'id', about: 'Or all of this person' },
    connection: { value: 'id', about: 'Or all that began by this identity connection' },
    ...changing,
  },
  examples: [
    `session revoke --tenant northfield --session ${exampleId}`,
    `session revoke --tenant northfield --person ${exampleId} --reason "Device lost"`,
  ],
  async run({ values, open }) {
    const choice = readChoice(values);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const ended = await hub.db.withTenant(tenantId, async (tx) => {
      if ('connectionId' in choice) await getIdentity(tx, choice.connectionId);
      return revokeSessions(tx, choice, by);
    });
    return { json: { ended }, text: ended === 1 ? '1 session has ended.' : `${ended} sessions have ended.` };
  },
};

/** @throws UsageError unless exactly one is given */
function readChoice(values: Values): RevokedSessions {
  const sessionId = values.optionalId<SessionId>('session');
  const personId = values.optionalId<PersonId>('person');
  const connectionId = values.optionalId<ConnectionId>('connection');
  const choices: RevokedSessions[] = [
    ...(sessionId === undefined ? [] : [{ sessionId }]),
    ...(personId === undefined ? [] : [{ personId }]),
    ...(connectionId === undefined ? [] : [{ connectionId }]),
  ];
  const [choice] = choices;
  if (choice !== undefined && choices.length === 1) return choice;
  throw values.wrong('session', 'or --person or --connection has to be given, and one of them only');
}
