import { recordAudit } from '../../audit/audit.ts';
import { listRegistrations } from '../../connections/registrations.ts';
import { createTenant, getTenantBySlug, listTenants, type Tenant } from '../../tenants/tenants.ts';
import { listEnablements } from '../../tools/enablement.ts';
import { type CliHub, type Command, changing } from '../command.ts';
import { facts, table } from '../layout.ts';
import type { Values } from '../values.ts';

/** The option by which commands name their tenant. */
export const tenantOption = {
  tenant: { value: 'slug', about: 'The tenant', required: true },
} as const;

/** The tenant a command names. @throws DomainError not_found `tenant_unknown` */
export function getNamedTenant(hub: CliHub, values: Values): Promise<Tenant> {
  return getTenantBySlug(hub.db.directory, values.text('tenant'));
}

export const tenantCreate: Command = {
  name: 'tenant create',
  about: 'Make a tenant: one school, district or university',
  options: {
    slug: { value: 'slug', about: 'Short name in its web addresses: a–z, 0–9 and hyphens', required: true },
    name: { value: 'text', about: 'What people call it', required: true },
    locale: { value: 'tag', about: 'Language of its pages where a person’s is unknown; en by default' },
    ...changing,
  },
  examples: ['tenant create --slug northfield --name "Northfield High School"'],
  async run({ values, open }) {
    const locale = values.optional('locale');
    const { hub, by } = await open();
    const { db } = hub;
    const tenant = await createTenant(
      db,
      { slug: values.text('slug'), name: values.text('name'), ...(locale === undefined ? {} : { locale }) },
      by,
    );
    return { json: { tenant }, text: `Made the tenant "${tenant.slug}" (${tenant.tenantId}).` };
  },
};

export const tenantList: Command = {
  name: 'tenant list',
  about: 'List all tenants',
  examples: ['tenant list', 'tenant list --json'],
  async run({ open }) {
    const { hub } = await open();
    const { db } = hub;
    const tenants = await listTenants(db.directory);
    const rows = tenants.map(({ slug, name, locale, status }) => [slug, name, locale, status]);
    return {
      json: { tenants },
      text: table(['SLUG', 'NAME', 'LOCALE', 'STATUS'], rows, 'There is no tenant yet.'),
    };
  },
};

export const tenantShow: Command = {
  name: 'tenant show',
  about: 'Show a tenant with its tools and LMS connections',
  arguments: [{ name: 'slug', about: 'The tenant' }],
  examples: ['tenant show northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { db } = hub;
    const tenant = await getTenantBySlug(db.directory, values.text('slug'));
    const [tools, registrations] = await db.withTenant(tenant.tenantId, async (tx) => [
      await listEnablements(tx),
      await listRegistrations(tx),
    ]);
    const toolRows = tools.map(({ tool, enablement }) => [
      tool.slug,
      tool.status === 'active' ? enablement.status : 'disabled at the hub',
      enablement.deploymentId,
      `policy ${enablement.policyVersion}`,
    ]);
    const lmsRows = registrations.map((each) => [each.connectionId, each.family, each.issuer, each.status]);
    return {
      json: { tenant, tools, registrations },
      text: [
        facts({ ...tenant }),
        `\n${table(['TOOL', 'STATUS', 'DEPLOYMENT ID', 'POLICY'], toolRows, 'No tool was ever enabled.')}`,
        `\n${table(['LMS CONNECTION', 'FAMILY', 'ISSUER', 'STATUS'], lmsRows, 'No LMS is connected.')}`,
      ].join('\n'),
    };
  },
};

export const tenantRotateKey: Command = {
  name: 'tenant rotate-key',
  about: 'Make a new data key for what a tenant seals from now on; what is sealed already stays readable',
  arguments: [{ name: 'slug', about: 'The tenant' }],
  options: changing,
  examples: ['tenant rotate-key northfield --reason "yearly change"'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId, slug } = await getTenantBySlug(hub.db.directory, values.text('slug'));
    const secrets = await hub.secrets();
    const version = await hub.db.withTenant(tenantId, async (tx) => {
      const made = await secrets.rotateDataKey(tx);
      await recordAudit(tx, { ...by, action: 'data_key.rotated', subject: `data_key:${made}` });
      return made;
    });
    return { json: { version }, text: `What "${slug}" seals from now on is under its data key ${version}.` };
  },
};
