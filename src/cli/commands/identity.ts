import type { ConnectionId } from '../../../contracts/ids.ts';
import { getIdentity, listIdentities, setIdentityStatus } from '../../sso/identities/identities.ts';
import type { Identity, IdentityStatus } from '../../sso/identities/identity.ts';
import { describeNotice, watchAll, watchOne } from '../../sso/identities/warnings.ts';
import { type Command, changing } from '../command.ts';
import { facts, table } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

/** The identity connection a command is about. */
export const identityArgument = {
  name: 'identity',
  about: 'The identity connection; identity list shows them',
};

const example = '0199c5a4-0000-7000-8000-000000000000 --tenant northfield';

export const identityList: Command = {
  name: 'identity list',
  about: 'List where a tenant’s people sign in',
  options: tenantOption,
  examples: ['identity list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const found = await hub.db.withTenant(tenantId, listIdentities);
    const identities = await watchAll(await hub.sso(), tenantId, found);
    const rows = identities.map(({ connectionId, name, protocol, preset, status, domains, warnings }) => [
      connectionId,
      name,
      `${protocol} (${preset})`,
      status,
      domains.join(', ') || '–',
      warnings.length === 0 ? '–' : String(warnings.length),
    ]);
    const heading = ['ID', 'NAME', 'BY', 'STATUS', 'DOMAINS', 'WARNINGS'];
    const none = 'Nobody signs in by a connection of this tenant. To begin: identity connect';
    return { json: { identities }, text: table(heading, rows, none) };
  },
};

export const identityShow: Command = {
  name: 'identity show',
  about: 'Show an identity connection with its settings but for the secrets, and what to look after in time',
  arguments: [identityArgument],
  options: tenantOption,
  examples: [`identity show ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const found = await hub.db.withTenant(tenantId, (tx) => getIdentity(tx, connectionId));
    const { warnings, ...identity } = await watchOne(await hub.sso(), tenantId, found);
    const text = [describeIdentity(identity), ...warnings.map((each) => `Warning: ${describeNotice(each)}`)];
    return { json: { identity: { ...identity, warnings } }, text: text.join('\n') };
  },
};

function statusChange(verb: string, about: string, why: string, status: IdentityStatus): Command {
  return {
    name: `identity ${verb}`,
    about,
    arguments: [identityArgument],
    options: { ...tenantOption, ...changing },
    examples: [`identity ${verb} ${example} --reason "${why}"`],
    async run({ values, open }) {
      const connectionId = values.id<ConnectionId>('identity');
      const { hub, by } = await open();
      const { tenantId } = await getNamedTenant(hub, values);
      const identity = await setIdentityStatus(hub, tenantId, connectionId, status, by);
      return { json: { identity }, text: `"${identity.name}" is ${identity.status}.` };
    },
  };
}

export const identityPause = statusChange(
  'pause',
  'Let nobody sign in by it for now; who is signed in stays so',
  'The directory is being moved',
  'paused',
);

export const identityResume = statusChange(
  'resume',
  'Let people sign in by it again',
  'The directory has moved',
  'active',
);

export const identityDisable = statusChange(
  'disable',
  'Switch it off: nobody signs in by it any more, and the sessions that began by it end',
  'Replaced by another',
  'disabled',
);

/** A connection in words. Settings stand as JSON, each in a line. */
export function describeIdentity({ settings, secrets, roleRules, ...rest }: Identity): string {
  const shown = Object.entries(settings).map(([name, value]) => [
    `settings.${name}`,
    Array.isArray(value) ? JSON.stringify(value) : value,
  ]);
  return facts({
    ...rest,
    ...Object.fromEntries(shown),
    ...Object.fromEntries(secrets.map((name) => [`settings.${name}`, '(secret)'])),
    roles: roleRules.map(({ group, role }) => `${group}=${role}`),
  });
}
