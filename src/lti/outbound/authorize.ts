import { hashSecret } from '../../platform/handle.ts';
import { newPseudonym } from '../../privacy/pseudonyms.ts';
import { deriveReleaseKey } from '../../privacy/release.ts';
import { type BrowserRequest, clearBinding, type Proof, presentedProof } from '../binding.ts';
import type { Payload } from '../claims.ts';
import { keepBinding, openRequest } from '../deep-linking/request.ts';
import { type NamedLaunch, parseLaunchHandle } from '../launch-handle.ts';
import { endLaunch } from '../launch-store.ts';
import { openLegacyKey } from '../legacy/keys.ts';
import { formPostPage } from '../pages/form-post-page.ts';
import { proofPage } from '../pages/proof-page.ts';
import { type ReasonCode, reason as reasonEntry } from '../reasons.ts';
import type { CookieChange, Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { type AuthorizeRequest, errorCodeOf, parseAuthorizeRequest } from './authorize-request.ts';
import { nameForUser } from './for-user-claim.ts';
import {
  consumeHint,
  findRedirectUris,
  type OpenedLaunch,
  openLaunch,
  type StoredHint,
} from './hint-store.ts';
import { buildIdToken } from './id-token.ts';

export interface AuthorizeInput {
  parameters: Payload;
  browser: BrowserRequest;
  reference: string;
}

/**
 * The tool's authentication request (Security Framework 1.0 §5.1.1.2–3): the hint is used up, the browser is proven
 * to be the one that was launched, and a token signed now goes to the tool by form_post.
 */
export async function authorize(services: LtiServices, input: AuthorizeInput): Promise<Reply> {
  const request = parseAuthorizeRequest(input.parameters);
  const named = parseLaunchHandle(request.messageHint);
  if (named === undefined) {
    const tool = await findRedirectUris(services.db.hub(), request.clientId ?? '');
    return fail(services, { input, request, named, tool, reason: request.fault ?? 'hint_unknown' });
  }
  if (request.fault !== undefined) return explain(services, input, request, named, undefined);
  const { rung, secret } = presentedProof(input.browser, named.cookieId, input.parameters[proofField]);
  if (secret === undefined) return askForProof(services, input, request, named);
  // A hub that cannot sign must not use the hint up.
  await services.signer.ready();
  const now = services.clock.now();
  const opened = await openLaunch(services.db.tenant(named.tenantId, { grouped: 'singly' }), {
    launchId: named.launchId,
    hintHash: named.hash,
    loginHintHash: hashSecret(request.loginHint ?? ''),
    browserHash: hashSecret(secret),
    clientId: request.clientId ?? '',
    redirectUri: request.redirectUri ?? '',
    newSub: newPseudonym(),
    now: new Date(now),
  });
  if (opened === undefined) return explain(services, input, request, named, secret);
  try {
    return await sendToken(services, { request, named, opened, rung, secret, now });
  } catch (error) {
    await takeBack(services, named);
    throw error;
  }
}

/** The hub failed behind the hint: nobody has opened anything. Where not even this can be written, it stays as it is. */
async function takeBack({ db, clock }: LtiServices, named: NamedLaunch): Promise<void> {
  const end = { ...internalFailure, now: new Date(clock.now()) };
  await endLaunch(db.tenant(named.tenantId), named.launchId, 'opened', end).catch(() => false);
}

const internalFailure = { outcome: reasonEntry('internal').outcome, reason: 'internal' };

/** Tells the tool who has come, and by what it may serve them. */
async function sendToken(
  services: LtiServices,
  launch: {
    request: AuthorizeRequest;
    named: NamedLaunch;
    opened: OpenedLaunch;
    rung: Proof['rung'];
    secret: string;
    now: number;
  },
): Promise<Reply> {
  const { request, named, opened, rung, secret, now } = launch;
  const { presentation, deepLinking, forUser } = opened.snapshot;
  const { returnUrl } = presentation;
  const proof = { secret, cookieId: named.cookieId };
  const contentRequest = deepLinking && (await openRequest(services, named, deepLinking, proof));
  const about = { tenantId: named.tenantId, launchId: named.launchId, toolId: opened.toolId };
  const forUserSub = forUser && (await nameForUser(services, about, forUser));
  const legacyKey = opened.hasLegacyKey
    ? await services.db.withTenant(named.tenantId, (tx) => openLegacyKey(tx, services.secrets, opened.toolId))
    : undefined;
  const claims = buildIdToken(
    {
      issuer: services.baseUrl,
      tenantId: named.tenantId,
      returnUrl: returnUrl && services.returnAddresses.seal(returnUrl),
      contentRequest,
      forUserSub,
      legacyKey,
      releaseKey: () => deriveReleaseKey(services.releaseSecret, named.tenantId, opened.toolId),
      now,
    },
    opened,
    request,
  );
  const token = await services.signer.sign(claims);
  // The answer to a request for content has to come from this browser too.
  const cookies =
    contentRequest && rung === 'cookie' ? keepBinding(named.cookieId, secret) : clearBinding(named.cookieId);
  return formPost(services, request, cookies, { id_token: token });
}

/** The field in which the hub's own page posts the request again. */
const proofField = 'gatehouse_proof';

/**
 * No cookie: the hub's page that frames the tool may hold the proof. The page asks it and posts the request again, with
 * the proof, or with an empty one when nobody answered.
 */
function askForProof(
  services: LtiServices,
  input: AuthorizeInput,
  request: AuthorizeRequest,
  named: NamedLaunch,
): Reply | Promise<Reply> {
  if (input.browser.ownPage) return explain(services, input, request, named, undefined);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(input.parameters)) {
    if (typeof value === 'string' && name !== proofField) fields[name] = value;
  }
  const again = { action: `${services.baseUrl}/platform/authorize`, fields };
  return {
    kind: 'page',
    frameAncestors: services.frameAncestors,
    render: (page) => proofPage(page, { authorize: again, proofField, launch: named.cookieId }),
  };
}

/** The one statement did not open the launch: uses the hint up, names the reason, and tells the tool. */
async function explain(
  services: LtiServices,
  input: AuthorizeInput,
  request: AuthorizeRequest,
  named: NamedLaunch,
  secret: string | undefined,
): Promise<Reply> {
  const tx = services.db.tenant(named.tenantId);
  const hint = await consumeHint(tx, named.launchId, named.hash);
  const tool = await findRedirectUris(services.db.hub(), request.clientId ?? '');
  const reason = decideHintReason({ hint, tool, request, secret, now: services.clock.now() });
  if (hint !== undefined) {
    const { outcome } = reasonEntry(reason);
    await endLaunch(tx, named.launchId, 'started', { outcome, reason, now: new Date(services.clock.now()) });
  }
  return fail(services, { input, request, named, tool, reason });
}

/** Why a hint does not open a launch for this client, person and browser. */
function decideHintReason(found: {
  hint: StoredHint | undefined;
  tool: { toolId: string; status: string; redirectUris: string[] } | undefined;
  request: AuthorizeRequest;
  secret: string | undefined;
  now: number;
}): ReasonCode {
  const { hint, tool, request, secret, now } = found;
  if (tool === undefined) return 'client_unknown';
  if (!tool.redirectUris.includes(request.redirectUri ?? '')) return 'redirect_uri_mismatch';
  if (tool.status !== 'active') return 'tool_disabled';
  if (request.fault !== undefined) return request.fault;
  if (hint === undefined) return 'hint_unknown';
  if (hint.toolId !== tool.toolId) return 'hint_mismatch';
  if (hint.expiresAt.getTime() <= now) return 'hint_expired';
  if (!hint.loginHintHash.equals(hashSecret(request.loginHint ?? ''))) return 'login_hint_mismatch';
  if (!hint.enabled) return 'tool_not_enabled';
  // Security Framework 1.0 §5.1.1.3: authenticate that this is the user who was launched.
  const proven = secret !== undefined && hint.browserHash.equals(hashSecret(secret));
  return proven ? 'hint_unknown' : 'browser_unproven_at_authorize';
}

/**
 * Tells the tool by form_post what went wrong. An unknown client or a redirect URI that is not registered character by
 * character is never answered there, but with a page (RFC 6749 §4.1.2.1).
 */
function fail(
  services: LtiServices,
  failure: {
    input: AuthorizeInput;
    request: AuthorizeRequest;
    named: NamedLaunch | undefined;
    /** The client of the request; undefined when nobody has that client_id. */
    tool: { redirectUris: string[] } | undefined;
    reason: ReasonCode;
  },
): Reply {
  const { input, request, named, tool, reason } = failure;
  const allowed = tool?.redirectUris.includes(request.redirectUri ?? '') ?? false;
  if (!allowed) {
    const { frameAncestors } = services;
    const shown = tool === undefined ? 'client_unknown' : 'redirect_uri_mismatch';
    return { kind: 'refused', reason: shown, reference: input.reference, family: 'generic', frameAncestors };
  }
  return formPost(services, request, named === undefined ? [] : clearBinding(named.cookieId), {
    error: errorCodeOf(reason, request),
    error_description: `${reason} (reference ${input.reference})`,
  });
}

function formPost(
  services: LtiServices,
  request: AuthorizeRequest,
  cookies: CookieChange[],
  answer: Record<string, string>,
): Reply {
  const fields = request.state === undefined ? answer : { ...answer, state: request.state };
  return {
    kind: 'page',
    frameAncestors: services.frameAncestors,
    cookies,
    render: (page) => formPostPage(page, { action: request.redirectUri ?? '', fields }),
  };
}
