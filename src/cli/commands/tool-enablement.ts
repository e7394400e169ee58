import { hubAddresses } from '../../lti/addresses.ts';
import { switchToolOn } from '../../lti/notices/switch-on.ts';
import { platformAddresses } from '../../lti/platform-addresses.ts';
import { templateNames } from '../../privacy/templates.ts';
import { disableToolForTenant, findEnablement, setCustomParameters } from '../../tools/enablement.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import { type Command, changing } from '../command.ts';
import { facts } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

/** The option by which commands name a tool of a tenant. */
export const toolOption = {
  tool: { value: 'slug', about: 'The tool', required: true },
} as const;

export const toolEnable: Command = {
  name: 'tool enable',
  about: 'Switch a tool on for a tenant',
  options: {
    ...tenantOption,
    ...toolOption,
    policy: {
      value: 'template',
      about: 'What it may see of people: the policy it had, else anonymous',
      choices: templateNames,
    },
    custom: { value: 'name=value', about: 'A custom parameter of every launch', multiple: true },
    ...changing,
  },
  examples: ['tool enable --tenant northfield --tool quiz --policy names --custom level=3'],
  async run({ values, open }) {
    const template = values.optionalChoice('policy', templateNames);
    const custom = values.optionalPairs('custom');
    const { hub, by } = await open();
    const { db, baseUrl } = hub;
    const tenant = await getNamedTenant(hub, values);
    const { tool, enablement } = await db.withTenant(tenant.tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('tool'));
      return switchToolOn(
        tx,
        {
          toolId,
          ...(template === undefined ? {} : { template }),
          ...(custom === undefined ? {} : { custom }),
        },
        by,
      );
    });
    const forDeveloper = {
      deploymentId: enablement.deploymentId,
      clientId: tool.clientId,
      ...platformAddresses(baseUrl),
    };
    const targetLinkUri = hubAddresses({ baseUrl, tenantSlug: tenant.slug }).openUrl(tool.slug);
    return {
      json: { tool, enablement, forDeveloper, targetLinkUri },
      text: [
        `The tool "${tool.slug}" is on for "${tenant.slug}" with release policy ${enablement.policyVersion}.`,
        `For its developer:\n${facts(forDeveloper)}`,
        `For the LMS, as the link’s address: ${targetLinkUri}`,
      ].join('\n\n'),
    };
  },
};

export const toolCustom: Command = {
  name: 'tool custom',
  about: 'Set the custom parameters a tool gets in every launch of a tenant; those not named stay',
  options: {
    ...tenantOption,
    ...toolOption,
    set: { value: 'name=value', about: 'A parameter and its value', multiple: true },
    unset: { value: 'name', about: 'A parameter to take out', multiple: true },
    ...changing,
  },
  examples: ['tool custom --tenant northfield --tool quiz --set level=3 --unset theme'],
  async run({ values, open }) {
    const set = values.optionalPairs('set');
    const unset = new Set(values.list('unset'));
    if (set === undefined && unset.size === 0) throw values.nothingGiven();
    const { hub, by } = await open();
    const { db } = hub;
    const tenant = await getNamedTenant(hub, values);
    const enablement = await db.withTenant(tenant.tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('tool'));
      const before = (await findEnablement(tx, toolId))?.enablement.custom;
      const kept = Object.entries({ ...before, ...set }).filter(([name]) => !unset.has(name));
      return setCustomParameters(tx, toolId, Object.fromEntries(kept), by);
    });
    return {
      json: { enablement },
      text: `Every launch of "${values.text('tool')}" at "${tenant.slug}" now has:\n${facts(enablement.custom)}`,
    };
  },
};

export const toolDisableFor: Command = {
  name: 'tool disable-for',
  about: 'Switch a tool off for a tenant',
  options: { ...tenantOption, ...toolOption, ...changing },
  examples: ['tool disable-for --tenant northfield --tool quiz'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { db } = hub;
    const tenant = await getNamedTenant(hub, values);
    const enablement = await db.withTenant(tenant.tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('tool'));
      return disableToolForTenant(tx, toolId, by);
    });
    return {
      json: { enablement },
      text: `The tool "${values.text('tool')}" is off for "${tenant.slug}".`,
    };
  },
};
