import { addressAt, challengePath } from '../../connections/domain.ts';
import { addDomain, listDomains, removeDomain, verifyDomain } from '../../connections/domains.ts';
import { type Command, changing, programName } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const domainArgument = [{ name: 'domain', about: 'The domain, such as lti.school.example' }] as const;

export const domainList: Command = {
  name: 'domain list',
  about: 'List the domains of a tenant’s own, under which its LMS knows the hub',
  options: tenantOption,
  examples: ['domain list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const domains = await hub.db.withTenant(tenantId, listDomains);
    const rows = domains.map(({ domain, verified, verifiedAt }) => [
      domain,
      verified ?? 'not yet',
      verifiedAt === null ? '–' : instant(verifiedAt.getTime()),
    ]);
    const heading = ['DOMAIN', 'VERIFIED', 'SINCE'];
    return { json: { domains }, text: table(heading, rows, 'It has no domain of its own.') };
  },
};

export const domainAdd: Command = {
  name: 'domain add',
  about: 'Enter a domain of a tenant’s own; it leads nowhere before it is verified',
  arguments: domainArgument,
  options: { ...tenantOption, ...changing },
  examples: ['domain add lti.northfield.example --tenant northfield'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const given = values.text('domain');
    const domain = await hub.db.withTenant(tenantId, (tx) => addDomain(tx, given, hub.baseUrl, by));
    return {
      json: { domain },
      text: [
        `Let ${domain.domain} lead to this hub, with a certificate of its own and with its Host field passed on.`,
        `The hub finds itself then at ${addressAt(hub.baseUrl, domain.domain)}${challengePath}, and answers there:\n  ${domain.challenge}`,
        `Verify it with:\n  ${programName} domain verify ${domain.domain} --tenant ${slug}`,
      ].join('\n\n'),
    };
  },
};

export const domainVerify: Command = {
  name: 'domain verify',
  about: 'Look whether a domain leads to this hub, or vouch that it does',
  arguments: domainArgument,
  options: {
    ...tenantOption,
    vouched: { about: 'Do not look: the hub cannot reach itself by that name' },
    ...changing,
  },
  examples: ['domain verify lti.northfield.example --tenant northfield'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const { db, baseUrl } = hub;
    const { fetch } = await hub.sso();
    const which = { domain: values.text('domain'), vouched: values.flag('vouched') };
    const domain = await verifyDomain({ db, baseUrl, fetch }, tenantId, which, by);
    return {
      json: { domain },
      text: [
        `Launches under ${domain.domain} are led on to "${slug}".`,
        `What to enter at its LMS shows:\n  ${programName} lms setup --tenant ${slug} --family brightspace --domain ${domain.domain}`,
      ].join('\n\n'),
    };
  },
};

export const domainRemove: Command = {
  name: 'domain remove',
  about: 'Forget a domain that no LMS uses any more',
  arguments: domainArgument,
  options: { ...tenantOption, ...changing },
  examples: ['domain remove lti.northfield.example --tenant northfield'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const domain = await hub.db.withTenant(tenantId, (tx) => removeDomain(tx, values.text('domain'), by));
    return { json: { domain }, text: `The domain ${domain.domain} leads nowhere any more.` };
  },
};
