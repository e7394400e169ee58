import type { InvitationId } from '../../../contracts/ids.ts';
import { familyNames } from '../../../contracts/lms.ts';
import { requireVerified } from '../../connections/domains.ts';
import { families } from '../../connections/families.ts';
import { invitationState } from '../../lti/registration/invitation.ts';
import {
  type InvitationWithAttempts,
  inviteLms,
  listInvitations,
  revokeInvitation,
} from '../../lti/registration/invitations.ts';
import { setupLink } from '../../lti/registration/links.ts';
import { setupOf } from '../../lti/setup/setup.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import { listTools } from '../../tools/tools.ts';
import { type CliHub, type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import type { Values } from '../values.ts';
import { meansHub, whoseOptions } from './lms.ts';
import { getNamedTenant } from './tenant.ts';

const familyOption = {
  family: { value: 'lms', about: 'Which product it is', choices: familyNames, required: true },
} as const;

const domainOption = {
  domain: { value: 'name', about: 'A verified domain of the school’s own, in place of the hub’s address' },
} as const;

/** Runs work on the tenant's records, or with --hub on the hub's own. */
async function inPlace<T>(
  hub: CliHub,
  values: Values,
  work: (tx: TenantTx | HubTx, slug: string | undefined) => Promise<T>,
): Promise<T> {
  if (meansHub(values)) return hub.db.withHub((tx) => work(tx, undefined));
  const { tenantId, slug } = await getNamedTenant(hub, values);
  return hub.db.withTenant(tenantId, (tx) => work(tx, slug));
}

export const lmsInvite: Command = {
  name: 'lms invite',
  about: 'Make a set-up link, by which an LMS connects itself once (LTI Dynamic Registration)',
  options: {
    ...whoseOptions,
    ...familyOption,
    host: {
      value: 'host',
      about: 'A host the LMS may have beside its issuer’s and its vendor’s',
      multiple: true,
    },
    name: { value: 'text', about: 'What people call the connection; the product’s name by default' },
    ...domainOption,
    days: { value: 'number', about: 'How long it lives; 7 by default, 30 at most' },
    ...changing,
  },
  examples: [
    'lms invite --tenant northfield --family moodle',
    'lms invite --hub --family blackboard --days 1 --reason "Agreed with the vendor"',
  ],
  async run({ values, open }) {
    const family = values.choice('family', familyNames);
    const input = {
      family,
      ...defined({
        hosts: values.optionalList('host'),
        name: values.optional('name'),
        domain: values.optional('domain'),
        days: values.optionalNumber('days'),
      }),
    };
    const { hub, by } = await open();
    const { invitation, link } = await inPlace(hub, values, async (tx, slug) => {
      const { invitation: made, token } = await inviteLms(tx, input, by);
      const place = { baseUrl: hub.baseUrl, tenantSlug: slug, domain: made.terms.domain };
      return { invitation: made, link: setupLink(place, token) };
    });
    return {
      json: { invitation, link },
      text: [
        `A link for ${families[family].title}, good once until ${instant(invitation.expiresAt.getTime())}:\n  ${link}`,
        `An administrator enters it there, where tools are registered by their address. It is shown this once and kept nowhere; lms invitations shows what comes of it.`,
      ].join('\n\n'),
    };
  },
};

export const lmsInvitations: Command = {
  name: 'lms invitations',
  about: 'List the set-up links of LMSs, and what came of each try',
  options: whoseOptions,
  examples: ['lms invitations --tenant northfield', 'lms invitations --hub'],
  async run({ values, io, open }) {
    const { hub } = await open();
    const found = await inPlace(hub, values, (tx) => listInvitations(tx, 'lms'));
    return showInvitations(found, io.clock.now(), ({ terms }) =>
      terms.side === 'lms' ? terms.family : terms.slug,
    );
  },
};

export const lmsUninvite: Command = {
  name: 'lms uninvite',
  about: 'End a set-up link that no LMS has used',
  arguments: [{ name: 'id', about: 'The invitation; lms invitations shows them' }],
  options: { ...whoseOptions, ...changing },
  examples: ['lms uninvite 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const invitationId = values.id<InvitationId>('id');
    const { hub, by } = await open();
    await inPlace(hub, values, (tx) => revokeInvitation(tx, { invitationId, side: 'lms' }, by));
    return { json: { invitationId }, text: 'The link works no more.' };
  },
};

export const lmsSetup: Command = {
  name: 'lms setup',
  about: 'Show what is entered by hand at an LMS, under the names of its own form',
  options: {
    ...whoseOptions,
    ...familyOption,
    ...domainOption,
    site: { value: 'url', about: 'The LMS’s address, for a link to the right page' },
  },
  examples: [
    'lms setup --tenant northfield --family canvas',
    'lms setup --tenant northfield --family moodle --site https://moodle.northfield.example',
  ],
  async run({ values, open }) {
    const family = values.choice('family', familyNames);
    const [site, domain = null] = [values.optional('site'), values.optional('domain')];
    if (site !== undefined && !/^https?:\/\//.test(site)) throw values.wrong('site', 'must be a web address');
    const { hub } = await open();
    const sheet = await inPlace(hub, values, async (tx, tenantSlug) => {
      if (tx.scope === 'tenant') await requireVerified(tx, domain);
      else if (domain !== null) throw values.wrong('domain', 'is a school’s, and --hub means all of them');
      const tools =
        tx.scope === 'hub' ? await listTools(tx) : (await listEnabledTools(tx)).map(({ tool }) => tool);
      const on = tools.filter(({ status }) => status === 'active').map(({ slug }) => slug);
      return setupOf(family, { baseUrl: hub.baseUrl, tenantSlug, domain, tools: on, site });
    });
    const fields = sheet.fields.map(
      ({ name, value, ifAsked }) =>
        [ifAsked ? `${name} (where asked)` : name, value.replaceAll('\n', ' ')] as const,
    );
    return {
      json: sheet,
      text: [
        `${sheet.title}: ${sheet.where}${sheet.link === null ? '' : `\n  ${sheet.link}`}`,
        facts(Object.fromEntries(fields)),
        ...(sheet.document === null ? [] : [sheet.document]),
        sheet.afterwards,
        ...(sheet.offersRegistration ? ['lms invite makes a link that does all of this by itself.'] : []),
      ].join('\n\n'),
    };
  },
};

/** Invitations of either side, with their tries beneath. */
export function showInvitations(
  found: readonly InvitationWithAttempts[],
  now: number,
  whom: (invitation: InvitationWithAttempts) => string,
) {
  const invitations = found.map((each) => ({ ...each, state: invitationState(each, now) }));
  const rows = invitations.map((each) => [
    ...[each.invitationId, whom(each), each.state, instant(each.expiresAt.getTime())],
    each.tries[0] === undefined ? 'never tried' : (each.tries[0].reason ?? 'done'),
  ]);
  const tries = invitations.flatMap(({ invitationId, tries: all }) =>
    all.map((each) => [
      ...[instant(each.endedAt.getTime()), invitationId, each.reference, each.host ?? '–'],
      ...[each.outcome, each.reason ?? '–', each.httpStatus?.toString() ?? '–'],
    ]),
  );
  const heading = ['ID', 'WHOM', 'STATE', 'EXPIRES', 'LAST TRY'];
  const tryHeading = ['AT', 'INVITATION', 'REFERENCE', 'HOST', 'OUTCOME', 'REASON', 'STATUS'];
  return {
    json: { invitations },
    text: [
      table(heading, rows, 'Nobody was invited.'),
      ...(tries.length === 0 ? [] : [table(tryHeading, tries, '')]),
    ].join('\n\n'),
  };
}
