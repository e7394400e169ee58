import { hubRoles } from '../../../contracts/http/roles.ts';
import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import {
  disableOperator,
  enableOperator,
  listOperators,
  readOperatorByEmail,
  resetFactor,
} from '../../operators/accounts/accounts.ts';
import { invite, makePasswordLink, makeSignInLink } from '../../operators/links/links.ts';
import type { Operator } from '../../operators/operator.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import { type CliHub, type Command, changing, type OpenedHub, type OptionSpec } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import type { Values } from '../values.ts';

const email = { name: 'email', about: 'The e-mail address of the account' };
const tenant = {
  tenant: { value: 'slug', about: 'An admin of this institution; staff of the hub if not given' },
} as const satisfies Record<string, OptionSpec>;

async function ownerOf(hub: CliHub, values: Values): Promise<TenantId> {
  const slug = values.optional('tenant');
  return slug === undefined ? HUB_TENANT : (await getTenantBySlug(hub.db.directory, slug)).tenantId;
}

export const operatorInvite: Command = {
  name: 'operator invite',
  about: 'Make a one-time link by which somebody gets an account at the console',
  arguments: [email],
  options: {
    name: { value: 'text', about: 'What the person is called', required: true },
    role: {
      value: 'role',
      about: 'What they may do, as staff of the hub; admins of an institution have one role alone',
      multiple: true,
      choices: hubRoles,
    },
    ...tenant,
    days: { value: 'number', about: 'How long the link is good; 3 by default' },
    ...changing,
  },
  examples: [
    'operator invite grace@company.example --name "Grace" --role integration_engineer',
    'operator invite lin@school.example --name "Lin" --tenant northfield',
  ],
  async run({ values, open }) {
    const given = values.list('role');
    const ofHub = values.optional('tenant') === undefined;
    if (ofHub !== given.length > 0) {
      throw values.wrong('role', ofHub ? 'is missing' : 'is for staff of the hub alone');
    }
    const roles = ofHub ? hubRoles.filter((role) => given.includes(role)) : (['institution_admin'] as const);
    const days = values.optionalNumber('days') ?? 3;
    const { hub, by } = await open();
    const owner = await ownerOf(hub, values);
    const invitation = { name: values.text('name'), email: values.text('email'), roles, days };
    const { link, address } = await invite(hub, owner, invitation, by);
    const shown = { linkId: link.linkId, expiresAt: instant(link.expiresAt.getTime()) };
    return {
      json: { invitation: shown, link: address },
      text: `${facts(shown)}\n\nThe link, which is shown this once; hand it over by a way you trust:\n  ${address}`,
    };
  },
};

export const operatorList: Command = {
  name: 'operator list',
  about: 'List who has an account at the console',
  options: tenant,
  examples: ['operator list', 'operator list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const operators = (await listOperators(hub, await ownerOf(hub, values))).map(describe);
    const rows = operators.map((each) => [
      ...[each.operatorId, each.name, each.email, each.roles.join(' '), each.status],
      ...[each.secondFactor ? 'yes' : 'no', each.lastSignInAt ?? 'never'],
    ]);
    const heading = ['ID', 'NAME', 'E-MAIL', 'ROLES', 'STATE', 'SECOND FACTOR', 'LAST SIGN-IN'];
    return { json: { operators }, text: table(heading, rows, 'Nobody has an account yet.') };
  },
};

/** A command about one account, found by its address. */
function about(
  command: Pick<Command, 'name' | 'about' | 'examples'>,
  done: (
    opened: OpenedHub,
    operator: Operator,
  ) => Promise<{ operator: Operator; text: string; link?: string }>,
): Command {
  return {
    ...command,
    arguments: [email],
    options: { ...tenant, ...changing },
    async run({ values, open }) {
      const opened = await open();
      const owner = await ownerOf(opened.hub, values);
      const found = await readOperatorByEmail(opened.hub, owner, values.text('email'));
      const { operator, text, ...more } = await done(opened, found);
      return { json: { operator: describe(operator), ...more }, text };
    },
  };
}

export const operatorDisable = about(
  {
    name: 'operator disable',
    about: 'Let somebody into the console no more; their sessions end',
    examples: ['operator disable grace@company.example --reason "Has left"'],
  },
  async ({ hub, by }, { tenantId, operatorId }) => ({
    operator: await disableOperator(hub, tenantId, operatorId, by),
    text: 'The account is disabled, and signed out everywhere.',
  }),
);

export const operatorEnable = about(
  {
    name: 'operator enable',
    about: 'Let somebody into the console again',
    examples: ['operator enable grace@company.example'],
  },
  async ({ hub, by }, { tenantId, operatorId }) => ({
    operator: await enableOperator(hub, tenantId, operatorId, by),
    text: 'The account is good again.',
  }),
);

export const operatorResetSecondFactor = about(
  {
    name: 'operator reset-second-factor',
    about: 'Take the authenticator off somebody who has lost it; their sessions end',
    examples: [
      'operator reset-second-factor grace@company.example --reason "Lost telephone, asked in person"',
    ],
  },
  async ({ hub, by }, { tenantId, operatorId }) => ({
    operator: await resetFactor(hub, tenantId, operatorId, by),
    text: 'The password alone signs in now. A new authenticator can be set up at the console.',
  }),
);

export const operatorPasswordLink = about(
  {
    name: 'operator password-link',
    about: 'Make a one-time link for setting a new password',
    examples: ['operator password-link grace@company.example'],
  },
  async ({ hub, by }, operator) => {
    const { address } = await makePasswordLink(hub, operator, by);
    return {
      operator,
      link: address,
      text: `The link, which is shown this once and good for a day:\n  ${address}`,
    };
  },
);

export const operatorSignInLink = about(
  {
    name: 'operator sign-in-link',
    about:
      'Make a link that signs somebody in at the console once, such as when the company’s sign-in is down',
    examples: ['operator sign-in-link grace@company.example'],
  },
  async ({ hub, by }, operator) => {
    const { address } = await makeSignInLink(hub, operator, by);
    return { operator, link: address, text: `The link, which is shown this once:\n  ${address}` };
  },
);

function describe({ tenantId: _owner, createdAt, lastSignInAt, ...operator }: Operator) {
  return {
    ...operator,
    createdAt: instant(createdAt.getTime()),
    lastSignInAt: lastSignInAt === null ? null : instant(lastSignInAt.getTime()),
  };
}
