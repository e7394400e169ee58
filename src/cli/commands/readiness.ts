import type { ConnectionId } from '../../../contracts/ids.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { type CheckResult, evidenceSubjects } from '../../../contracts/readiness.ts';
import { readDownHosts, resetHost } from '../../health/breaker/hosts.ts';
import { setProbing } from '../../health/probes/probes.ts';
import {
  noteEvidence,
  readHubReadiness,
  readInstitution,
  setSecretTerm,
} from '../../health/readiness/readiness.ts';
import { defined } from '../../platform/defined.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getScope, scopeOption } from './incident.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const exampleId = '0199c5a4-0000-7000-8000-000000000000';
const connectionArgument = { name: 'connection', about: 'Its id' };

const row = (whose: string, { check, state, todo, waitingOn }: CheckResult) => [
  ...[whose, check, state, waitingOn ?? '–', todo ?? '–'],
];

export const readinessShow: Command = {
  name: 'readiness show',
  about: 'How ready a school is for its next term, or without one the hub: what is missing and who does it',
  options: scopeOption,
  examples: ['readiness show --tenant northfield', 'readiness show'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const tenantId = await getScope(hub, values);
    const heading = ['OF', 'CHECK', 'STATE', 'WHO', 'WHAT TO DO'];
    if (tenantId === HUB_TENANT) {
      const readiness = await readHubReadiness(hub.db, by.now);
      const rows = readiness.checks.map((check) => row('hub', check));
      return { json: readiness, text: table(heading, rows, 'Nothing is needed.') };
    }
    const readiness = await readInstitution(hub.db, tenantId, by.now);
    const rows = [
      ...readiness.checks.map((check) => row('school', check)),
      ...readiness.connections.flatMap(({ connectionId, checks }) =>
        checks.map((check) => row(connectionId, check)),
      ),
    ];
    const term = readiness.term === null ? 'no term in its calendar' : readiness.term.name;
    const text = `${table(heading, rows, 'Nothing is needed.')}\n\nTerm: ${term}. ${readiness.isReady ? 'Ready.' : 'Not ready.'}`;
    return { json: readiness, text };
  },
};

export const readinessNote: Command = {
  name: 'readiness note',
  about:
    'Note evidence that only people have: contacts of a school, a returned grade, or what load the hub bore',
  options: {
    ...scopeOption,
    subject: { value: 'subject', about: 'Of what', choices: evidenceSubjects, required: true },
    connection: { value: 'id', about: 'Of a returned grade: over which connection' },
    amount: { value: 'number', about: 'Of a load test: exchanges in its best five minutes' },
    ...changing,
  },
  examples: [
    'readiness note --tenant northfield --subject contacts',
    'readiness note --subject load_test --amount 60000',
  ],
  async run({ values, open }) {
    const subject = values.choice('subject', evidenceSubjects);
    const connectionId = values.optionalId<ConnectionId>('connection');
    const evidence = { subject, ...defined({ connectionId, amount: values.optionalNumber('amount') }) };
    const { hub, by } = await open();
    await noteEvidence(hub.db, await getScope(hub, values), evidence, by);
    return { json: { evidence }, text: 'Noted.' };
  },
};

export const readinessSecret: Command = {
  name: 'readiness secret',
  about: 'Say when a secret ends that the hub was given: people are told thirty days before',
  arguments: [connectionArgument],
  options: {
    ...tenantOption,
    name: { value: 'setting', about: 'The setting that holds it', required: true },
    ends: { value: 'day', about: 'Its last day, such as 2027-06-30', required: true },
    ...changing,
  },
  examples: [`readiness secret ${exampleId} --tenant northfield --name client_secret --ends 2027-06-30`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('connection');
    const ends = values.text('ends');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(ends) || Number.isNaN(Date.parse(ends))) {
      throw values.wrong('ends', 'must be a day such as 2027-06-30');
    }
    const term = { connectionId, name: values.text('name'), notAfter: new Date(ends) };
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await setSecretTerm(hub.db, tenantId, term, by);
    return { json: { term }, text: 'Noted.' };
  },
};

export const probeSet: Command = {
  name: 'probe set',
  about: 'Say whether a connection is asked without people while nobody uses it',
  arguments: [connectionArgument],
  options: { ...tenantOption, on: { value: 'yes|no', about: 'Whether it is', required: true }, ...changing },
  examples: [`probe set ${exampleId} --tenant northfield --on no`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('connection');
    const isOn = values.optionalYesNo('on') ?? true;
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await setProbing(hub.db, tenantId, { connectionId, isOn }, by);
    return { json: { connectionId, isOn }, text: isOn ? 'It is asked.' : 'It is not asked.' };
  },
};

export const hostList: Command = {
  name: 'host list',
  about: 'List hosts of partners that are down, and left alone until they answer again',
  examples: ['host list'],
  async run({ open }) {
    const { hub } = await open();
    const hosts = await readDownHosts(hub.db);
    const rows = hosts.map(({ host, breaker }) => [
      ...[host, breaker.state, String(breaker.failures), breaker.reason],
      ...[instant(breaker.openedAt), instant(breaker.until)],
    ]);
    const heading = ['HOST', 'STATE', 'FAILURES', 'WHY', 'SINCE', 'TRIED AT'];
    return { json: { hosts }, text: table(heading, rows, 'Every host answers.') };
  },
};

export const hostReset: Command = {
  name: 'host reset',
  about: 'Let calls to a host pass again',
  arguments: [{ name: 'host', about: 'Its name, as host list has it' }],
  options: changing,
  examples: ['host reset lms.school.example --reason "Its maker says it is up"'],
  async run({ values, open }) {
    const host = values.text('host');
    const { hub, by } = await open();
    await resetHost(hub.db, host, by);
    return { json: { host }, text: 'Calls pass again; every copy notices within five seconds.' };
  },
};
