import type { ConnectionId } from '../../../contracts/ids.ts';
import { protocols } from '../../../contracts/sso.ts';
import { connectIdentity, getIdentity, updateIdentity } from '../../sso/identities/identities.ts';
import type { Identity, Protocol } from '../../sso/identities/identity.ts';
import type { SsoServices } from '../../sso/services.ts';
import { type Command, changing, programName } from '../command.ts';
import { table } from '../layout.ts';
import type { Values } from '../values.ts';
import { describeIdentity, identityArgument } from './identity.ts';
import {
  identityOptions,
  identitySettingOptions,
  identityTakingBack,
  listedBy,
  readIdentity,
  readSettingsFile,
} from './identity-options.ts';
import { describeSettings, readGivenSettings, readSettings, type WithSettings } from './roster-settings.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const identityProtocols: Command = {
  name: 'identity protocols',
  about: 'List the protocols by which people can sign in, with presets and settings and which are secret',
  examples: ['identity protocols', 'identity protocols --json'],
  async run({ open }) {
    const { hub } = await open();
    const { protocols: known } = await hub.sso();
    const described = protocols.flatMap((protocol) => {
      const terms = known[protocol];
      if (terms === undefined) return [];
      const settings = describeSettings(terms);
      return [{ protocol, presets: terms.presets, suggested: terms.suggested ?? {}, settings }];
    });
    const parts = described.map(({ protocol, presets, settings }) => {
      const rows = settings.map(({ name, type, required, secret }) => [
        `  ${name}`,
        type,
        [required ? 'required' : '', secret ? 'secret' : ''].filter((note) => note !== '').join(', ') || '–',
      ]);
      const heading = `${protocol}, with the presets ${presets.join(', ')}`;
      return `${heading}\n${table(['  SETTING', 'TYPE', ''], rows, '  It has no settings.')}`;
    });
    return { json: { protocols: described }, text: parts.join('\n\n') };
  },
};

export const identityConnect: Command = {
  name: 'identity connect',
  about: 'Connect a tenant to where its people sign in; nobody is asked yet',
  options: {
    ...tenantOption,
    protocol: { value: 'name', about: 'How people sign in there', required: true, choices: protocols },
    preset: { value: 'name', about: 'The product, where its differences are known; generic by default' },
    name: { value: 'text', about: 'What people read where there are several ways', required: true },
    ...identitySettingOptions,
    ...identityOptions,
    ...changing,
  },
  examples: [
    'identity connect --tenant northfield --protocol ldap --preset ad --name "Staff directory" --settings ad.json ' +
      '--secret-file servicePassword=./password --role "CN=Teachers,OU=Groups,DC=school,DC=example=teacher"',
    'identity connect --tenant northfield --protocol ldap --name Directory --settings - --allows-new yes',
  ],
  async run({ values, io, open }) {
    const fields = readIdentity(values);
    const given = readGivenSettings(values);
    const file = await readSettingsFile(values, io);
    const { hub, by } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const sso = await hub.sso();
    const protocol = values.choice('protocol', protocols);
    const settings = { ...file, ...(await readSettings(settingsOf(sso, protocol), given, values, io)) };
    const preset = values.optional('preset');
    const input = {
      ...fields,
      ...{ protocol, settings, name: values.text('name') },
      ...(preset === undefined ? {} : { preset }),
    };
    const identity = await connectIdentity(sso, tenantId, input, by);
    const next = nextSteps(identity).map(
      (verb) => `  ${programName} identity ${verb} ${identity.connectionId} --tenant ${slug}`,
    );
    return {
      json: { identity },
      text: `Connected. Nobody was asked yet.\n\n${describeIdentity(identity)}\n\nNext:\n${next.join('\n')}`,
    };
  },
};

export const identityUpdate: Command = {
  name: 'identity update',
  about: 'Change an identity connection; what is not given stays, and sign-ins under way begin again',
  arguments: [identityArgument],
  options: {
    ...tenantOption,
    name: { value: 'text', about: 'What people read where there are several ways' },
    ...identitySettingOptions,
    unset: { value: 'name', about: 'A setting that is taken out', multiple: true },
    ...identityOptions,
    ...identityTakingBack,
    ...changing,
  },
  examples: [
    'identity update 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --domain northfield.example',
    'identity update 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --secret-file servicePassword=./new',
  ],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    if (!givesAnything(values)) throw values.nothingGiven();
    const name = values.optional('name');
    const fields = { ...readIdentity(values), ...(name === undefined ? {} : { name }) };
    const given = readGivenSettings(values);
    const file = await readSettingsFile(values, io);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sso = await hub.sso();
    const { protocol } = await hub.db.withTenant(tenantId, (tx) => getIdentity(tx, connectionId));
    const unset = Object.fromEntries(values.list('unset').map((each) => [each, null]));
    const read = await readSettings(settingsOf(sso, protocol), given, values, io);
    const settings = { ...unset, ...file, ...read };
    const changes = { ...fields, ...(Object.keys(settings).length === 0 ? {} : { settings }) };
    const identity = await updateIdentity(sso, tenantId, connectionId, changes, by);
    return { json: { identity }, text: `Changed.\n${describeIdentity(identity)}` };
  },
};

/** A SAML connection is good for nothing before the other side's metadata or certificates are there. */
function nextSteps({ protocol, settings }: Identity): string[] {
  if (protocol !== 'saml') return ['describe', 'check', 'test-link'];
  const from = (settings.metadata as { from?: unknown } | undefined)?.from;
  const steps: Record<string, string> = { file: 'metadata-give', fields: 'certificate-add' };
  return ['describe', steps[String(from)] ?? 'metadata-refresh', 'test-link'];
}

function givesAnything(values: Values): boolean {
  const options = { ...identitySettingOptions, unset: 0, ...identityOptions, ...identityTakingBack, name: 0 };
  return Object.keys(options).some(
    (name) =>
      values.optional(name) !== undefined || values.optionalList(name) !== undefined || values.flag(name),
  );
}

function settingsOf({ protocols: known }: Pick<SsoServices, 'protocols'>, protocol: Protocol): WithSettings {
  return { id: protocol, settings: known[protocol].settings, listedBy };
}
