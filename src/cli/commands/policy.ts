import { previewPurpose } from '../../lti/release-preview.ts';
import { fixedFieldNames, isFieldName } from '../../privacy/fields.ts';
import { getPolicyInForce, setPolicy } from '../../privacy/policies.ts';
import { actions, type PolicyRules, planPolicy, purposes, type RuleChange } from '../../privacy/policy.ts';
import { templateNames, templates } from '../../privacy/templates.ts';
import { findEnablement } from '../../tools/enablement.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import { didYouMean } from '../suggest.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';
import { toolOption } from './tool-enablement.ts';

const whose = { ...tenantOption, ...toolOption };

export const policyShow: Command = {
  name: 'policy show',
  about: 'Show what a tool may see of a tenant’s people',
  options: whose,
  examples: ['policy show --tenant northfield --tool quiz'],
  async run({ values, open }) {
    const { hub } = await open();
    const { db } = hub;
    const { tenantId } = await getNamedTenant(hub, values);
    const policy = await db.withTenant(tenantId, async (tx) =>
      getPolicyInForce(tx, (await getToolBySlug(tx, values.text('tool'))).toolId),
    );
    return { json: { policy }, text: `Version ${policy.version}\n${describe(policy.rules)}` };
  },
};

export const policySet: Command = {
  name: 'policy set',
  about: 'Change what a tool may see; the new version is in force at once',
  options: {
    ...whose,
    template: {
      value: 'template',
      about: 'Begin from a template instead of the rules in force',
      choices: templateNames,
    },
    rule: {
      value: 'purpose:field=action',
      about: 'One rule: allow, hash or drop a field for a purpose',
      multiple: true,
    },
    ...changing,
  },
  examples: [
    'policy set --tenant northfield --tool quiz --template names',
    'policy set --tenant northfield --tool quiz --rule launch:person.email=hash --rule launch:custom.level=allow',
  ],
  async run({ values, open }) {
    const template = values.optionalChoice('template', templateNames);
    const changes = values.list('rule').map((text) => readRule(text, values));
    if (template === undefined && changes.length === 0) throw values.nothingGiven();
    const { hub, by } = await open();
    const { db } = hub;
    const { tenantId } = await getNamedTenant(hub, values);
    const policy = await db.withTenant(tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('tool'));
      const before =
        template === undefined ? (await getPolicyInForce(tx, toolId)).rules : templates[template];
      return setPolicy(tx, toolId, planPolicy(before, changes), by);
    });
    return { json: { policy }, text: `Version ${policy.version} is in force.\n${describe(policy.rules)}` };
  },
};

export const policyPreview: Command = {
  name: 'policy preview',
  about: 'Show what a tool would see of a made-up pupil, field by field',
  options: {
    ...whose,
    purpose: { value: 'purpose', about: 'For what; launch by default', choices: purposes },
  },
  examples: ['policy preview --tenant northfield --tool quiz --purpose roster'],
  async run({ values, open }) {
    const purpose = values.optionalChoice('purpose', purposes) ?? 'launch';
    const { hub } = await open();
    const { db } = hub;
    const { tenantId } = await getNamedTenant(hub, values);
    const { policy, custom } = await db.withTenant(tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('tool'));
      const enabled = await findEnablement(tx, toolId);
      return { policy: await getPolicyInForce(tx, toolId), custom: enabled?.enablement.custom ?? {} };
    });
    const { rules, version } = policy;
    const { fields: preview, alwaysSent } = previewPurpose(rules, purpose, custom);
    const rows = preview.map(({ field, action, released }) => [field, action, String(released ?? '–')]);
    const always = Object.entries(alwaysSent).map(([name, value]) => [
      `custom.${name}`,
      'always sent',
      value,
    ]);
    const heading = ['FIELD', 'ACTION', 'THE TOOL SEES'];
    return {
      json: { version, purpose, preview, alwaysSent },
      text: `For ${purpose}, under version ${version}:\n${table(heading, [...rows, ...always], '')}`,
    };
  },
};

function readRule(text: string, values: Values): RuleChange {
  const parts = /^(?<purpose>[^:]+):(?<field>[^=]+)=(?<action>.+)$/.exec(text)?.groups;
  const { purpose: purposeText = '', field = '', action: actionText = '' } = parts ?? {};
  if (parts === undefined) throw values.wrong('rule', `"${text}" must have the form purpose:field=action`);
  const purpose = purposes.find((each) => each === purposeText);
  if (purpose === undefined) throw values.wrong('rule', `has a purpose of: ${purposes.join(', ')}`);
  const action = actions.find((each) => each === actionText);
  if (action === undefined) throw values.wrong('rule', `has an action of: ${actions.join(', ')}`);
  if (isFieldName(field)) return { purpose, field, action };
  throw values.wrong(
    'rule',
    `names no field: "${field}".${didYouMean(field, fixedFieldNames)} Any custom.<name> is one`,
  );
}

function describe(rules: PolicyRules): string {
  const rows = purposes.flatMap((purpose) =>
    Object.entries(rules[purpose] ?? {}).map(([field, action]) => [purpose, field, String(action)]),
  );
  return `${table(['PURPOSE', 'FIELD', 'ACTION'], rows, 'Nothing is released.')}\nEverything else is dropped.`;
}
