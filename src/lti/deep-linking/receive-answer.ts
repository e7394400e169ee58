import { newId, type ToolId } from '../../../contracts/ids.ts';
import { findServiceRegistration } from '../../connections/service-registrations.ts';
import { hashSecret } from '../../platform/handle.ts';
import { getPolicyInForce } from '../../privacy/policies.ts';
import type { Tool } from '../../tools/tool.ts';
import type { LmsPlace } from '../addresses.ts';
import { clearBinding, presentedProof } from '../binding.ts';
import { claim, type Payload, record, text } from '../claims.ts';
import { peekPayload } from '../jwt-header.ts';
import { parseLaunchHandle } from '../launch-handle.ts';
import { proofPage } from '../pages/proof-page.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { useUpAssertion } from '../token/assertion-store.ts';
import { type JwtRefusal, verifyJwt } from '../verify-jwt.ts';
import { deepLinkingAddress, itemAddress } from './addresses.ts';
import type { AnswerInput, Asked } from './asked.ts';
import { type AnswerMessages, checkAnswer } from './check-answer.ts';
import type { ContentItem } from './content-items.ts';
import { readItems } from './items.ts';
import { type ItemPlan, type KeptTarget, planItems } from './plan-items.ts';
import { recordAnswer, refuseAnswer } from './record-answer.ts';
import { sendToLms } from './send-to-lms.ts';
import { findRequest, insertContentItems, useRequest } from './store.ts';

/** What of an answer is proven. */
interface ProvenAnswer {
  nonce: string;
  forgetAt: number;
  plan: ItemPlan;
  messages: AnswerMessages;
}

/** The longest answer, in characters. */
const longestAnswer = 500_000;
const proofField = 'gatehouse_proof';

/**
 * A tool's answer to a request for content (Deep Linking 2.0 §4.5): its `data` names a request that is open, its signature
 * and claims are the tool's, the browser is the one that was asked; the request is used up, links are kept, and the choice
 * goes on to the LMS, signed by the hub.
 */
export async function receiveAnswer(services: LtiServices, input: AnswerInput): Promise<Reply> {
  const token = text(input.parameters.JWT, longestAnswer);
  const payload = token === undefined ? undefined : peekPayload(token);
  if (token === undefined || payload === undefined) {
    return refuseAnswer(services, input, { reason: 'answer_malformed' });
  }
  const asked = await findAsked(services, payload);
  if (typeof asked === 'string') return refuseAnswer(services, input, { reason: asked });
  const answer = await prove(services, token, asked);
  if ('reason' in answer) return refuseAnswer(services, input, { ...answer, asked });

  const { named, request } = asked;
  const proof = presentedProof(input.browser, named.cookieId, input.parameters[proofField]);
  if (proof.secret === undefined && !input.browser.ownPage) return askForProof(services, token, asked);
  const browserHash = hashSecret(proof.secret ?? '');
  if (!request.browserHash.equals(browserHash)) {
    return refuseAnswer(services, input, { reason: 'answer_browser_unproven', asked });
  }
  // A hub that cannot sign must not use the request up.
  await services.signer.ready();
  const reason = await useUp(services, asked, answer, browserHash);
  if (reason !== undefined) return refuseAnswer(services, input, { reason, asked });
  const items = await keepItems(services, asked, answer.plan);
  recordAnswer(services, asked, { outcome: 'success', reason: null });
  return sendToLms(services, asked, {
    items,
    messages: answer.messages,
    plan: answer.plan,
    cookies: clearBinding(named.cookieId),
  });
}

/** Who was asked, by the `data` of an answer that is not proven yet. */
async function findAsked(services: LtiServices, payload: Payload): Promise<Asked | ReasonCode> {
  const { db, clock, directory } = services;
  const named = parseLaunchHandle(text(payload[claim.deepLinkingData], 500));
  if (named === undefined) return 'answer_unknown';
  const { tenantId, launchId, hash } = named;
  const now = new Date(clock.now());
  const request = await findRequest(db.tenant(tenantId), { launchId, dataHash: hash, now });
  const tenant = request && (await directory.tenantById(tenantId));
  if (request === undefined || tenant?.status !== 'active') return 'answer_unknown';
  const { tools } = await directory.setup(tenantId);
  const enabled = tools.find(({ tool }) => tool.toolId === request.toolId);
  if (enabled === undefined) return 'tool_not_enabled';
  const registration = await db.withTenant(tenantId, (tx) =>
    findServiceRegistration(tx, request.connectionId),
  );
  const isActive = registration?.deployments.get(request.deploymentId) === 'active';
  if (registration?.status !== 'active' || !isActive) return 'registration_disabled';
  return { named, request, enabled, registration, tenant };
}

/** Signature, claims and items. */
async function prove(
  services: LtiServices,
  token: string,
  { request, enabled, named }: Asked,
): Promise<ProvenAnswer | { reason: ReasonCode; detail?: string }> {
  const { tool, enablement } = enabled;
  const verified = await verifyJwt(token, keySource(tool), services.jwks);
  if (!verified.ok) return { reason: reasonsOfKeys[verified.reason], detail: verified.reason };
  const checked = checkAnswer(verified.payload, {
    clientId: tool.clientId,
    issuer: services.baseUrl,
    deploymentId: enablement.deploymentId,
    now: services.clock.now() / 1000,
  });
  if (!checked.ok) return checked;
  const read = readItems(checked.items);
  if (!read.ok) return { reason: 'answer_items_invalid', detail: read.member };
  const { rules } = await getPolicyInForce(services.db.tenant(named.tenantId), tool.toolId as ToolId);
  const planned = planItems(read.items, request.settings, tool, rules);
  if (!planned.ok) return planned;
  const { nonce, forgetAt, messages } = checked;
  return { nonce, forgetAt, messages, plan: planned.plan };
}

function keySource({ toolId, jwksUrl, jwks }: Tool) {
  return { cacheKey: toolId, jwksUrl, pastedJwks: jwks };
}

const reasonsOfKeys: Record<JwtRefusal, ReasonCode> = {
  token_malformed: 'answer_malformed',
  alg_refused: 'answer_unsigned',
  header_refused: 'answer_unsigned',
  kid_missing: 'answer_unsigned',
  kid_unknown: 'answer_unsigned',
  signature_invalid: 'answer_unsigned',
  jwks_unreachable: 'answer_key_unreachable',
};

/** No cookie: the hub's page that frames the tool may hold the proof, as at authorize. */
function askForProof({ baseUrl, frameAncestors }: LtiServices, token: string, asked: Asked): Reply {
  const authorize = { action: deepLinkingAddress(baseUrl), fields: { JWT: token } };
  return {
    kind: 'page',
    frameAncestors,
    tenantLocale: asked.tenant.locale,
    render: (page) => proofPage(page, { authorize, proofField, launch: asked.named.cookieId }),
  };
}

/** Uses up the request, and then the nonce: of answers that race for them, one gets both. */
async function useUp(
  { db, clock }: LtiServices,
  { named, enabled }: Asked,
  { nonce, forgetAt }: ProvenAnswer,
  browserHash: Buffer,
): Promise<ReasonCode | undefined> {
  const { tenantId, launchId, hash } = named;
  const now = clock.now();
  const key = { launchId, dataHash: hash, now: new Date(now) };
  if (!(await useRequest(db.tenant(tenantId), key, browserHash))) return 'answer_unknown';
  const use = await useUpAssertion(db.hub(), {
    toolId: enabled.tool.toolId,
    toolVersion: enabled.tool.version,
    // Not a `jti`: the two must not be taken for each other.
    jtiHash: hashSecret(`deep linking ${nonce}`),
    forgetAt: new Date(forgetAt * 1000),
    grants: false,
    now,
  });
  if (use === 'used_before') return 'answer_repeated';
  return use === 'tool_changed' ? 'tool_not_enabled' : undefined;
}

/** Gives every link into the tool an address of the hub's, and keeps where it leads. */
async function keepItems(
  { db, clock, baseUrl }: LtiServices,
  { named, request, enabled, registration, tenant }: Asked,
  plan: ItemPlan,
): Promise<Payload[]> {
  const { slug: toolSlug, toolId } = enabled.tool;
  const { hubWide } = request.settings;
  const place = { baseUrl, tenantSlug: hubWide ? undefined : tenant.slug };
  const { domain } = registration.settings;
  const now = clock.now();
  const kept: ContentItem[] = [];
  const keep = (target: KeptTarget, at: LmsPlace): string => {
    const itemId = newId(now) as string;
    kept.push({ itemId, toolId: toolId as ToolId, connectionId: request.connectionId, ...target });
    return itemAddress(at, toolSlug, itemId);
  };
  const items = plan.items.map((each): Payload => {
    if (!('target' in each)) return each.item;
    const item = { ...each.item, url: keep(each.target, { ...place, domain }) };
    if (each.review === undefined) return item;
    const { shown, target } = each.review;
    // The gradebook, which reads this address again, goes by the hub's own.
    const submissionReview = { ...shown, ...(target && { url: keep(target, place) }) };
    return { ...item, lineItem: { ...record(each.item.lineItem), submissionReview } };
  });
  await insertContentItems(db.tenant(named.tenantId), kept, new Date(now));
  return items;
}
