import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { purposes, type TemplateName, templateNames } from '../../../contracts/privacy.ts';
import { previewPurpose } from '../../lti/release-preview.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { listFields } from '../../privacy/fields.ts';
import { getPolicyInForce, listPolicies, type ReleasePolicy, setPolicy } from '../../privacy/policies.ts';
import { type PolicyRules, policyRules } from '../../privacy/policy.ts';
import { templates } from '../../privacy/templates.ts';
import { findEnablement } from '../../tools/enablement.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import type { Handlers } from '../router.ts';
import { showPolicyVersion, writable } from './shown.ts';

type PolicyEndpoint = 'showPolicy' | 'setPolicy' | 'previewPolicy';

/** What is done for the endpoints about what tools may see of people. */
export function policyHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, PolicyEndpoint> {
  return {
    showPolicy: ({ tenant, params }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const { toolId } = await getToolBySlug(tx, params.tool);
        return {
          policy: showPolicyVersion(await getPolicyInForce(tx, toolId)),
          versions: (await listPolicies(tx, toolId)).map(showPolicyVersion),
          templates: shownTemplates(),
          fields: listFields(),
        };
      }),
    setPolicy: ({ tenant, params, body: { template, rules, basedOn }, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const { toolId } = await getToolBySlug(tx, params.tool);
        const { version } = await getPolicyInForce(tx, toolId);
        if (basedOn !== undefined && basedOn !== version) {
          const message = `Version ${version} is in force by now. Look at it before you change it.`;
          throw new DomainError('conflict', 'policy_changed_meanwhile', message, { details: { version } });
        }
        const wanted = template === undefined ? readPolicyRules(rules) : templates[template];
        return { policy: showPolicyVersion(await setPolicy(tx, toolId, wanted, by)) };
      }),
    previewPolicy: ({ tenant, params, query: { template, rules } }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const { toolId } = await getToolBySlug(tx, params.tool);
        const inForce = await getPolicyInForce(tx, toolId);
        const custom = (await findEnablement(tx, toolId))?.enablement.custom ?? {};
        const { version, rules: shown } = chooseRules(inForce, template, rules);
        const previews = purposes.map((purpose) => {
          const { fields, alwaysSent } = previewPurpose(shown, purpose, custom);
          return {
            purpose,
            fields: fields.map(({ released, ...rest }) => ({
              ...rest,
              released:
                released === undefined ? null : typeof released === 'string' ? released : [...released],
            })),
            alwaysSent: { ...alwaysSent },
          };
        });
        return { version, purposes: previews };
      }),
  };
}

function shownTemplates() {
  return Object.fromEntries(templateNames.map((name) => [name, writable(templates[name])])) as Record<
    TemplateName,
    ReturnType<typeof writable>
  >;
}

/** The rules that a preview is of: some that were given, a template, or those in force. */
function chooseRules(
  { version, rules }: ReleasePolicy,
  template: TemplateName | undefined,
  given: string | undefined,
): { version: number | null; rules: PolicyRules } {
  if (given !== undefined) return { version: null, rules: readPolicyRules(parseJson(given)) };
  return template === undefined ? { version, rules } : { version: null, rules: templates[template] };
}

/** @throws DomainError input `policy_invalid` */
function readPolicyRules(given: unknown): PolicyRules {
  return parseInput(policyRules, given, 'policy_invalid');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('input', 'policy_invalid', 'The rules are no JSON.', { cause });
  }
}
