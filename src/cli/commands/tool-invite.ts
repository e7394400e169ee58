import type { InvitationId } from '../../../contracts/ids.ts';
import { serviceScopes } from '../../../contracts/scopes.ts';
import { presentations } from '../../../contracts/tools.ts';
import { platformAddresses } from '../../lti/platform-addresses.ts';
import { inviteTool, listInvitations, revokeInvitation } from '../../lti/registration/invitations.ts';
import { toolRegistrationLink } from '../../lti/registration/links.ts';
import { defined } from '../../platform/defined.ts';
import { type Command, changing } from '../command.ts';
import { facts, instant } from '../layout.ts';
import { showInvitations } from './lms-invite.ts';

export const toolInvite: Command = {
  name: 'tool invite',
  about: 'Make a registration token, by which a tool registers itself once (LTI Dynamic Registration)',
  options: {
    slug: { value: 'slug', about: 'Short name the tool gets in web addresses', required: true },
    'registration-url': { value: 'url', about: 'The tool’s own registration address, to make a link of' },
    scope: {
      value: 'scope',
      about: 'What it may ask access tokens for, at most; everything by default',
      multiple: true,
      choices: serviceScopes,
    },
    presentation: { value: 'how', about: 'How its page is shown; framed by default', choices: presentations },
    days: { value: 'number', about: 'How long it lives; 7 by default, 30 at most' },
    ...changing,
  },
  examples: [
    'tool invite --slug quiz',
    'tool invite --slug quiz --registration-url https://quiz.example/lti/register --days 1',
  ],
  async run({ values, open }) {
    const registrationUrl = values.optional('registration-url');
    if (registrationUrl !== undefined && !URL.canParse(registrationUrl)) {
      throw values.wrong('registration-url', 'must be a complete web address');
    }
    const input = {
      slug: values.text('slug'),
      ...defined({
        scopes: values.optionalList('scope'),
        presentation: values.optionalChoice('presentation', presentations),
        days: values.optionalNumber('days'),
      }),
    };
    const { hub, by } = await open();
    const { invitation, token } = await hub.db.withHub((tx) => inviteTool(tx, input, by));
    const { openidConfiguration } = platformAddresses(hub.baseUrl);
    const link =
      registrationUrl === undefined ? null : toolRegistrationLink(hub.baseUrl, registrationUrl, token);
    return {
      json: { invitation, openidConfiguration, registrationToken: token, link },
      text: [
        `Good once until ${instant(invitation.expiresAt.getTime())}, shown this once and kept nowhere:`,
        facts({ openid_configuration: openidConfiguration, registration_token: token }),
        ...(link === null ? [] : [`Or open this in a browser, and the tool registers itself:\n  ${link}`]),
        'tool invitations shows what comes of it; switch the tool on for tenants with: tool enable',
      ].join('\n\n'),
    };
  },
};

export const toolInvitations: Command = {
  name: 'tool invitations',
  about: 'List the registration tokens of tools, and what came of each try',
  examples: ['tool invitations'],
  async run({ io, open }) {
    const { hub } = await open();
    const found = await hub.db.withHub((tx) => listInvitations(tx, 'tool'));
    return showInvitations(found, io.clock.now(), ({ terms }) =>
      terms.side === 'tool' ? terms.slug : terms.family,
    );
  },
};

export const toolUninvite: Command = {
  name: 'tool uninvite',
  about: 'End a registration token that no tool has used',
  arguments: [{ name: 'id', about: 'The invitation; tool invitations shows them' }],
  options: changing,
  examples: ['tool uninvite 0199c5a4-0000-7000-8000-000000000000'],
  async run({ values, open }) {
    const invitationId = values.id<InvitationId>('id');
    const { hub, by } = await open();
    await hub.db.withHub((tx) => revokeInvitation(tx, { invitationId, side: 'tool' }, by));
    return { json: { invitationId }, text: 'The registration token works no more.' };
  },
};
