import { addDeployment } from '../../connections/deployments.ts';
import { families, familyNames } from '../../connections/families.ts';
import { connectLmsHubWide } from '../../connections/hub-registrations.ts';
import { connectLms } from '../../connections/registrations.ts';
import { type AddressesForLms, addressesForLms } from '../../lti/addresses.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import { listTools } from '../../tools/tools.ts';
import { type Command, changing, programName } from '../command.ts';
import { facts } from '../layout.ts';
import { readRegistration, registrationOptions } from '../registration-options.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const connectOptions = {
  family: { value: 'lms', about: 'Which product it is', choices: familyNames, required: true },
  'client-id': { value: 'text', about: 'Our client ID at the LMS', required: true },
  ...registrationOptions,
};

export const lmsConnect: Command = {
  name: 'lms connect',
  about: 'Connect a tenant to its LMS by LTI 1.3',
  options: {
    ...tenantOption,
    ...connectOptions,
    name: { value: 'text', about: 'What people call the connection; the product’s name by default' },
    deployment: {
      value: 'id',
      about: 'A deployment ID; a launch of another one waits for a claim',
      multiple: true,
    },
    ...changing,
  },
  examples: [
    'lms connect --tenant northfield --family canvas --client-id 10000000000042 --deployment 7:abc',
    'lms connect --tenant northfield --family moodle --issuer https://moodle.northfield.example --client-id Xy12 ' +
      '--deployment 3',
  ],
  async run({ values, io, open }) {
    const registrationInput = await readRegistration(values, io);
    const { hub, by } = await open();
    const { db, baseUrl, allowLoopback } = hub;
    const tenant = await getNamedTenant(hub, values);
    const name = values.optional('name');
    const input = {
      ...registrationInput,
      family: values.choice('family', familyNames),
      clientId: values.text('client-id'),
      ...(name === undefined ? {} : { name }),
    };
    const { registration, deployments, tools } = await db.withTenant(tenant.tenantId, async (tx) => {
      const made = await connectLms(tx, input, { allowLoopback }, by);
      const added = [];
      for (const deploymentId of values.list('deployment')) {
        added.push(await addDeployment(tx, { connectionId: made.connectionId, deploymentId }, by));
      }
      return { registration: made, deployments: added, tools: await listEnabledTools(tx) };
    });
    const forLms = addressesForLms(
      { baseUrl, tenantSlug: tenant.slug, domain: registration.settings.domain },
      tools.map(({ tool }) => tool.slug),
    );
    const { title } = families[registration.family];
    return {
      json: { registration, deployments, forLms },
      text: [
        `Connected "${tenant.slug}" to ${title} (connection ${registration.connectionId}).`,
        sayWhatToPaste(title, forLms),
        deployments.length === 0
          ? `No deployment is known yet: the first launch will wait until somebody claims it, with:\n  ${programName} deployment claim --tenant ${tenant.slug} --deployment <id>`
          : '',
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    };
  },
};

export const lmsHubConnect: Command = {
  name: 'lms hub-connect',
  about: 'Register the hub once for all schools of a vendor (Blackboard, Schoology)',
  options: { ...connectOptions, ...changing },
  examples: ['lms hub-connect --family blackboard --client-id 4c43e5f0-9eef-425f-bf7c-c81689013cb7'],
  async run({ values, io, open }) {
    const registrationInput = await readRegistration(values, io);
    const { hub, by } = await open();
    const { db, baseUrl, allowLoopback } = hub;
    const input = {
      ...registrationInput,
      family: values.choice('family', familyNames),
      clientId: values.text('client-id'),
    };
    const { registration, tools } = await db.withHub(async (tx) => ({
      registration: await connectLmsHubWide(tx, input, { allowLoopback }, by),
      tools: await listTools(tx),
    }));
    const forLms = addressesForLms(
      { baseUrl, tenantSlug: undefined },
      tools.filter(({ status }) => status === 'active').map(({ slug }) => slug),
    );
    const { title } = families[registration.family];
    return {
      json: { registration, forLms },
      text: [
        `Registered the hub with ${title} (registration ${registration.connectionId}).`,
        sayWhatToPaste(title, forLms),
        `Each school’s deployment ID says whose it is. Tie one to its tenant with:\n  ${programName} deployment add --tenant <slug> --registration ${registration.connectionId} --deployment <id>`,
      ].join('\n\n'),
    };
  },
};

/** What an administrator enters at the LMS. */
export function sayWhatToPaste(title: string, addresses: AddressesForLms): string {
  const { targetLinkUris, ...rest } = addresses;
  const targets =
    targetLinkUris.length === 0
      ? 'No tool is switched on yet; its address comes with: tool enable'
      : targetLinkUris.map((uri) => `  ${uri}`).join('\n');
  return `Enter at ${title}:\n${facts(rest)}\n\nTarget link URIs, one for each tool:\n${targets}`;
}
