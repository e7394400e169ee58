import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { type AgreementId, newId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { linkState } from '../../operators/links/link.ts';
import { findLinkMaker, listLinks } from '../../operators/links/links.ts';
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
  insertConfirmation,
  listTriedConnections,
  type TriedConnection,
} from './setup-store.ts';

/** What is done for the endpoints about setting an institution up. */
export function setupHandlers(
  db: Database,
): Pick<Handlers<typeof endpoints>, 'showSetup' | 'agreeToSharing' | 'confirmSharing'> {
  return {
    showSetup: async ({ tenant, may, by }) => {
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
      const unconfirmed =
        agreement !== undefined && !agreement.counts && isOf(enabled, agreement) ? agreement : undefined;
      const steps = decideProgress({
        wanted: asking.flatMap((link) => link.steps),
        connections: tried.map(({ kind, state, verified_at }) => ({
          ...{ kind, state },
          verified: verified_at !== null,
        })),
        tools,
        isUnconfirmed: unconfirmed !== undefined,
      });
      return {
        name: tenant.name,
        finished: steps.every(({ wanted, state }) => !wanted || state === 'done'),
        steps,
        connections: tried.map(showConnection),
        tools,
        agreedAt: agreement?.agreedAt.toISOString() ?? null,
        unconfirmed:
          unconfirmed === undefined
            ? null
            : {
                agreementId: unconfirmed.agreementId,
                mayConfirm: !isOwn(unconfirmed, by.actor) && (await may('admins:write')),
              },
      };
    },
    agreeToSharing: ({ tenant, body, signedIn, by }) =>
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
        const byLinkOf = await findLinkMaker(tx, signedIn?.session.linkId ?? null);
        await insertAgreement(tx, { agreementId, actor: by.actor, tools, agreedAt, byLinkOf });
        const subject = `setup-agreement:${agreementId}`;
        await recordAudit(tx, { ...by, action: 'sharing.agreed', subject, after: { tools } });
        return { agreedAt: agreedAt.toISOString() };
      }),
    confirmSharing: ({ tenant, body, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const agreement = await findAgreement(tx);
        if (agreement === undefined || agreement.agreementId !== body.agreementId) {
          const message = 'There is a newer agreement, or none. Load the page again.';
          throw new DomainError('conflict', 'agreement_over', message);
        }
        if (isOwn(agreement, by.actor)) {
          const message =
            'You have made the link by which it was agreed, or have agreed yourself. Somebody else has to confirm it: an admin of the institution with an account, or another of the hub’s staff.';
          throw new DomainError('forbidden', 'own_agreement', message);
        }
        const { agreementId } = agreement;
        const confirmed = { agreementId, actor: by.actor, at: new Date(by.now) };
        if (!agreement.counts && (await insertConfirmation(tx, confirmed))) {
          const subject = `setup-agreement:${agreementId}`;
          await recordAudit(tx, { ...by, action: 'sharing.confirmed', subject });
        }
        return { agreementId };
      }),
  };
}

/** Whoever hands out the key is not the one to say that somebody else has used it. */
function isOwn({ actor, byLinkOf }: Agreement, who: string): boolean {
  return who === actor || who === byLinkOf;
}

function showTool({ tool, enablement }: EnabledTool, agreement: Agreement | undefined) {
  const { policyVersion } = enablement;
  const agreed = agreement?.tools.find(({ toolId }) => toolId === tool.toolId);
  return {
    slug: tool.slug,
    name: tool.name,
    policyVersion,
    agreed: agreement?.counts === true && agreed?.policyVersion === policyVersion,
  };
}

/** Whether an agreement is about what is on now. */
function isOf(enabled: readonly EnabledTool[], { tools }: Agreement): boolean {
  const versions = new Map(tools.map(({ toolId, policyVersion }) => [toolId, policyVersion]));
  return enabled.every(({ tool, enablement }) => versions.get(tool.toolId) === enablement.policyVersion);
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
