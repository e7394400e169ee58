import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { type AgreementId, newId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { listOutsiders } from '../../operators/accounts/handed.ts';
import { couldBeOne, handedMs, handsOf } from '../../operators/hands.ts';
import { linkState } from '../../operators/links/link.ts';
import { listLinks } from '../../operators/links/links.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { requireSignedIn } from '../authenticate.ts';
import type { Handlers } from '../router.ts';
import { type Agreement, findAgreement } from './agreement.ts';
import { decideProgress } from './progress.ts';
import {
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
    showSetup: async ({ tenant, may, signedIn, by }) => {
      const [links, { tried, enabled, agreement }] = await Promise.all([
        listLinks({ db }, tenant.tenantId, ['set_up']),
        db.withTenant(tenant.tenantId, async (tx) => ({
          tried: await listTriedConnections(tx),
          enabled: await listEnabledTools(tx),
          agreement: await findAgreement(tx, by.now),
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
                mayConfirm:
                  signedIn !== undefined && !couldBeOne(unconfirmed, by) && (await may('admins:write')),
                countsFrom: unconfirmed.countsFrom?.toISOString() ?? null,
              },
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
        const { actor, behind = [] } = by;
        // An account of the institution that handed another of its own the way in could have agreed itself.
        const [byLinkOf = null] = await listOutsiders(tx, handsOf(by));
        const countsFrom = byLinkOf === null ? agreedAt : new Date(by.now + handedMs);
        await insertAgreement(tx, {
          ...{ agreementId, actor, tools, agreedAt, byLinkOf, countsFrom },
          behind: [...behind],
        });
        const subject = `setup-agreement:${agreementId}`;
        const after = { tools, ...(byLinkOf !== null && { handedBy: behind, countsFrom }) };
        await recordAudit(tx, { ...by, action: 'sharing.agreed', subject, after });
        return { agreedAt: agreedAt.toISOString() };
      }),
    confirmSharing: ({ tenant, body, signedIn, by }) => {
      // A program is no second pair of eyes: whoever has made its token may be the first.
      requireSignedIn(signedIn);
      return db.withTenant(tenant.tenantId, async (tx) => {
        const agreement = await findAgreement(tx, by.now);
        if (agreement === undefined || agreement.agreementId !== body.agreementId) {
          const message = 'There is a newer agreement, or none. Load the page again.';
          throw new DomainError('conflict', 'agreement_over', message);
        }
        if (couldBeOne(agreement, by)) {
          const message =
            'You have agreed yourself, or you and whoever agreed came in lately by links of the same person, or of somebody whom nobody knows any more. Somebody else has to confirm it: an admin of the institution, or another of the hub’s staff.';
          throw new DomainError('forbidden', 'own_agreement', message);
        }
        const { agreementId } = agreement;
        const confirmed = { agreementId, actor: by.actor, at: new Date(by.now) };
        if (!agreement.counts && (await insertConfirmation(tx, confirmed))) {
          const subject = `setup-agreement:${agreementId}`;
          await recordAudit(tx, { ...by, action: 'sharing.confirmed', subject });
        }
        return { agreementId };
      });
    },
  };
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
