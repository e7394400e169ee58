import type { ConnectionId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { checkIdentity, describeOwnSide, type IdentityCheck } from '../../sso/identities/other-side.ts';
import { makeTestLink } from '../../sso/requests/test-link.ts';
import { type Command, changing } from '../command.ts';
import { columns, facts, instant } from '../layout.ts';
import { identityArgument } from './identity.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const example = '0199c5a4-0000-7000-8000-000000000000 --tenant northfield';

export const identityCheck: Command = {
  name: 'identity check',
  about: 'Ask the other side once whether the settings work, step by step; nobody signs in',
  arguments: [identityArgument],
  options: tenantOption,
  examples: [`identity check ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub } = await open();
    const tenant = await getNamedTenant(hub, values);
    const check = await checkIdentity(await hub.sso(), tenant, connectionId);
    if (!check.isWell) throw failedCheck(check);
    return { json: check, text: `${describeSteps(check)}\n\nEverything went well.` };
  },
};

function describeSteps({ steps }: IdentityCheck): string {
  return columns(
    steps.map(({ at, step, ms, reason }) => [
      at,
      step,
      `${ms} ms`,
      reason === undefined ? 'ok' : `FAILED: ${reason}`,
    ]),
  );
}

/** So that a script sees it by the exit code. */
function failedCheck(check: IdentityCheck): DomainError {
  const advice = [...new Set(check.steps.flatMap(({ advice: each }) => each ?? []))];
  const message = [describeSteps(check), '', ...advice.map((each) => `What to do: ${each}`)].join('\n');
  return new DomainError('upstream', 'identity_check_failed', message, { details: { steps: check.steps } });
}

export const identityDescribe: Command = {
  name: 'identity describe',
  about: 'Show what the institution enters on its side: our addresses, and what it has to send',
  arguments: [identityArgument],
  options: tenantOption,
  examples: [`identity describe ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub } = await open();
    const tenant = await getNamedTenant(hub, values);
    const ownSide = await describeOwnSide(await hub.sso(), tenant, connectionId);
    if (ownSide === undefined) {
      return { json: { ownSide: null }, text: 'The other side needs to know nothing of the hub.' };
    }
    const { addresses, advice } = ownSide;
    const shown = Object.fromEntries(addresses.map(({ name, value }) => [name, value]));
    return { json: { ownSide }, text: `${facts(shown)}\n\n${advice}` };
  },
};

export const identityTestLink: Command = {
  name: 'identity test-link',
  about: 'Make an address for one test sign-in, which shows what would happen and signs nobody in',
  arguments: [identityArgument],
  options: { ...tenantOption, ...changing },
  examples: [`identity test-link ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub, by } = await open();
    const tenant = await getNamedTenant(hub, values);
    const link = await makeTestLink(await hub.sso(), tenant, connectionId, by);
    const text = [
      link.address,
      '',
      'Open it in a browser, or send it to whoever looks after the connection: it shows what the other side says of the account.',
      `It is good for one test, until ${instant(link.expiresAt.getTime())}.`,
    ].join('\n');
    return { json: link, text };
  },
};
