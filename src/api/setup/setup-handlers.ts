import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { type AgreementId, newId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { linkState } from '../../operators/links/link.ts';
import { listLinks } from '../../operators/links/links.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import type { Handlers } from '../router.ts';
import { decideProgress } from './progress.ts';
import {
  type Agreement,
  findAgreement,
  insertAgreement,
  listTriedConnections,
  type TriedConnection,
} from './setup-store.ts';

/** What is done for the endpoints about setting an institution up. */
export function setupHandlers(
  db: Database,
): Pick<Handlers<typeof endpoints>, 'showSetup' | 'agreeToSharing'> {
  return {
    showSetup: async ({ tenant, by }) => {
      const [links, { tried, enabled, agreement }] = await Promise.all([
        listLinks({ db }, tenant.tenantId, ['set_up']),
        db.withTenant(tenant.tenantId, async (tx) => ({
          tried: await listTriedConnections(tx),
          enabled: await listEnabledTools(tx),
          agreement: await findAgreement(tx),
        })),
      ]);
      const asking = links.filter((link) => ['open', 'used'].includes(linkState(link, by.now)));
      const tools = enabled.map((each) => showTool(each, agreement));
      const steps = decideProgress({
        wanted: asking.flatMap((link) => link.steps),
        connections: tried.map(({ kind, state, verified_at }) => ({
          ...{ kind, state },
          verified: verified_at !== null,
        })),
        tools,
      });
      return {
        name: tenant.name,
        finished: steps.every(({ wanted, state }) => !wanted || state === 'done'),
        steps,
        connections: tried.map(showConnection),
        tools,
        agreedAt: agreement?.agreedAt.toISOString() ?? null,
      };
    },
    agreeToSharing: ({ tenant, body, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const enabled = await listEnabledTools(tx);
        if (!isWhatWasSeen(enabled, body.tools)) {
          const message =
            'The tools or what they may see have changed since the page was loaded. Look at them again, then agree.';
          throw new DomainError('conflict', 'sharing_changed', message);
        }
        const tools = enabled.map(({ tool, enablement }) => ({
          toolId: tool.toolId,
          policyVersion: enablement.policyVersion,
        }));
        const agreementId = newId<AgreementId>(by.now);
        const agreedAt = new Date(by.now);
        await insertAgreement(tx, { agreementId, actor: by.actor, tools, agreedAt });
        const subject = `setup-agreement:${agreementId}`;
        await recordAudit(tx, { ...by, action: 'sharing.agreed', subject, after: { tools } });
        return { agreedAt: agreedAt.toISOString() };
      }),
  };
}

function showTool({ tool, enablement }: EnabledTool, agreement: Agreement | undefined) {
  const { policyVersion } = enablement;
  const agreed = agreement?.tools.find(({ toolId }) => toolId === tool.toolId);
  return { slug: tool.slug, name: tool.name, policyVersion, agreed: agreed?.policyVersion === policyVersion };
}

function showConnection({
  connection_id,
  tried_at,
  verified_at,
  reference,
  result,
  ...rest
}: TriedConnection) {
  const isTried = reference !== null && result !== null && tried_at !== null;
  return {
    ...rest,
    connectionId: connection_id,
    lastTry: isTried ? { reference, result, at: tried_at.toISOString() } : null,
    verifiedAt: verified_at?.toISOString() ?? null,
  };
}

/** Nobody agrees to what they were not shown. */
function isWhatWasSeen(
  enabled: readonly EnabledTool[],
  seen: readonly { slug: string; policyVersion: number }[],
): boolean {
  const versions = new Map(seen.map(({ slug, policyVersion }) => [slug, policyVersion]));
  return (
    versions.size === enabled.length &&
    enabled.every(({ tool, enablement }) => versions.get(tool.slug) === enablement.policyVersion)
  );
}
