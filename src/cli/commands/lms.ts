import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import { listDeployments } from '../../connections/deployments.ts';
import { families } from '../../connections/families.ts';
import {
  getHubRegistration,
  listHubRegistrations,
  updateHubRegistration,
} from '../../connections/hub-registrations.ts';
import type {
  HubRegistration,
  LtiRegistration,
  RegistrationChanges,
} from '../../connections/registration.ts';
import { getRegistration, listRegistrations, updateRegistration } from '../../connections/registrations.ts';
import { addressesForLms } from '../../lti/addresses.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import { listTools } from '../../tools/tools.ts';
import { type Answer, type Command, changing, type Invocation, type OptionSpec } from '../command.ts';
import { facts, table } from '../layout.ts';
import { readRegistration, registrationChangeOptions } from '../registration-options.ts';
import type { Values } from '../values.ts';
import { sayWhatToPaste } from './lms-connect.ts';
import { getNamedTenant } from './tenant.ts';

export const whoseOptions = {
  tenant: { value: 'slug', about: 'The tenant whose connection it is' },
  hub: { about: 'A hub-wide registration instead of a tenant’s' },
} as const satisfies Record<string, OptionSpec>;
const idArgument = {
  name: 'id',
  about: 'The connection, or with --hub the registration; lms list shows them',
};

/** Whether a hub-wide registration is meant. @throws UsageError unless exactly one of --tenant and --hub is given */
export function meansHub(values: Values): boolean {
  const hub = values.flag('hub');
  if (hub === (values.optional('tenant') === undefined)) return hub;
  throw values.wrong('tenant', hub ? 'and --hub exclude each other' : 'or --hub has to be given');
}

export const lmsList: Command = {
  name: 'lms list',
  about: 'List the LMS connections of a tenant, or the hub-wide ones',
  options: whoseOptions,
  examples: ['lms list --tenant northfield', 'lms list --hub'],
  async run({ values, open }) {
    const isHub = meansHub(values);
    const { hub } = await open();
    const { db } = hub;
    const registrations = isHub
      ? await db.withHub(listHubRegistrations)
      : await db.withTenant((await getNamedTenant(hub, values)).tenantId, listRegistrations);
    const rows = registrations.map((each) => [
      each.connectionId,
      each.family,
      each.issuer,
      each.clientId,
      each.status,
    ]);
    const heading = ['ID', 'FAMILY', 'ISSUER', 'CLIENT ID', 'STATUS'];
    return { json: { registrations }, text: table(heading, rows, 'No LMS is connected.') };
  },
};

export const lmsShow: Command = {
  name: 'lms show',
  about: 'Show an LMS connection, and what to enter at the LMS',
  arguments: [idArgument],
  options: whoseOptions,
  examples: ['lms show 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const isHub = meansHub(values);
    const { hub } = await open();
    const { db, baseUrl } = hub;
    if (isHub) {
      const { registration, tools } = await db.withHub(async (tx) => ({
        registration: await getHubRegistration(tx, values.id<RegistrationId>('id')),
        tools: await listTools(tx),
      }));
      const forLms = addressesForLms(
        { baseUrl, tenantSlug: undefined },
        tools.map(({ slug }) => slug),
      );
      return {
        json: { registration, forLms },
        text: `${describe(registration)}\n\n${sayWhatToPaste(families[registration.family].title, forLms)}`,
      };
    }
    const tenant = await getNamedTenant(hub, values);
    const { registration, deployments, tools } = await db.withTenant(tenant.tenantId, async (tx) => {
      const found = await getRegistration(tx, values.id<ConnectionId>('id'));
      return {
        registration: found,
        deployments: await listDeployments(tx, found.connectionId),
        tools: await listEnabledTools(tx),
      };
    });
    const forLms = addressesForLms(
      { baseUrl, tenantSlug: tenant.slug, domain: registration.settings.domain },
      tools.map(({ tool }) => tool.slug),
    );
    const known = facts({ deployments: deployments.map(({ deploymentId }) => deploymentId) });
    return {
      json: { registration, deployments, forLms },
      text: `${describe(registration)}\n${known}\n\n${sayWhatToPaste(families[registration.family].title, forLms)}`,
    };
  },
};

export const lmsUpdate: Command = {
  name: 'lms update',
  about: 'Change an LMS connection; what is not given stays',
  arguments: [idArgument],
  options: { ...whoseOptions, ...registrationChangeOptions, ...changing },
  examples: [
    'lms update 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --clock-skew 120',
    'lms update 0199c5a4-0000-7000-8000-000000000000 --hub --status active',
  ],
  async run(invocation) {
    const changes = await readRegistration(invocation.values, invocation.io);
    if (Object.keys(changes).length === 0) throw invocation.values.nothingGiven();
    return change(invocation, changes);
  },
};

export const lmsDisable: Command = {
  name: 'lms disable',
  about: 'Switch an LMS connection off: its launches are refused',
  arguments: [idArgument],
  options: { ...whoseOptions, ...changing },
  examples: ['lms disable 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  run: (invocation) => change(invocation, { status: 'disabled' }),
};

async function change({ values, open }: Invocation, changes: RegistrationChanges): Promise<Answer> {
  const isHub = meansHub(values);
  const { hub, by } = await open();
  const { db, allowLoopback } = hub;
  const registration = isHub
    ? await db.withHub((tx) =>
        updateHubRegistration(tx, values.id<RegistrationId>('id'), changes, { allowLoopback }, by),
      )
    : await db.withTenant((await getNamedTenant(hub, values)).tenantId, (tx) =>
        updateRegistration(tx, values.id<ConnectionId>('id'), changes, { allowLoopback }, by),
      );
  return { json: { registration }, text: `Changed.\n${describe(registration)}` };
}

function describe({ settings, jwks, ...rest }: LtiRegistration | HubRegistration): string {
  return facts({ ...rest, jwks: jwks && `${jwks.keys.length} pasted`, ...settings });
}
