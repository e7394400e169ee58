import type { SignInResult } from '../sign-in.ts';
import { readAnswer } from './answer.ts';
import { check, type OidcCheck } from './check.ts';
import { type Claims, textOf } from './claims.ts';
import type { OidcConnection } from './connection.ts';
import type { Providers } from './discovery.ts';
import type { ProviderKeys } from './keys.ts';
import { proofOf } from './proof.ts';
import type { Provider } from './provider.ts';
import type { OidcReason } from './reasons.ts';
import { Refusal } from './refusal.ts';
import { checkIdToken } from './rules/id-token.ts';
import { verifySignature } from './signature.ts';
import { toSignedIn } from './signed-in.ts';
import type { OidcExpectations } from './start.ts';
import { exchangeCode, type TokenRequestServices } from './token-request.ts';
import { readUserInfo } from './user-info.ts';

export interface CallbackServices extends TokenRequestServices {
  providers: Providers;
  keys: ProviderKeys;
}

/** An answer whose request was found by its `state`, in the browser that began it, and used up. */
export interface ReceivedAnswer {
  readonly connection: OidcConnection;
  readonly query: Readonly<Record<string, unknown>>;
  /** The `state`, which is the handle of the request. */
  readonly handle: string;
  readonly expectations: OidcExpectations;
}

/** Everything between an answer at the callback address and a person, rule by rule. */
export async function receiveAnswer(
  services: CallbackServices,
  answer: ReceivedAnswer,
): Promise<SignInResult<OidcReason>> {
  const checks: OidcCheck[] = [];
  try {
    const { connection, query, handle, expectations } = answer;
    const provider = await services.providers.find(connection);
    const { code, checks: ofAnswer } = readAnswer(query, provider, connection);
    checks.push(...ofAnswer);
    const { nonce, verifier } = proofOf(handle, expectations.salt);
    const { idToken, accessToken } = await exchangeCode(services, connection, provider, { code, verifier });
    const token = await verifySignature(idToken, connection, provider, services.keys);
    checks.push(check('signature', true, 'a signature by a key of the provider', token.algorithm));
    const { issuer } = provider;
    const now = services.clock.now();
    checks.push(...checkIdToken({ token, connection, issuer, nonce, expectations, code, accessToken, now }));
    const broken = checks.find(({ passed }) => !passed);
    if (broken !== undefined) return { accepted: false, reason: broken.rule, checks };
    const more = await askForMore(services, connection, provider, { accessToken, claims: token.claims });
    checks.push(...more.checks);
    const said = { issuer, idToken, claims: token.claims, userInfo: more.claims };
    return { accepted: true, signedIn: toSignedIn(connection, said), checks };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { accepted: false, reason: error.reason, checks: [...checks, error.check()] };
  }
}

async function askForMore(
  { fetch }: CallbackServices,
  { settings }: OidcConnection,
  { userInfoEndpoint }: Provider,
  { accessToken, claims }: { accessToken: string; claims: Claims },
): Promise<{ claims: Claims; checks: OidcCheck[] }> {
  if (!settings.userInfo) return { claims: {}, checks: [] };
  if (userInfoEndpoint === undefined) throw new Refusal('user_info_invalid', 'a UserInfo endpoint', 'none');
  const subject = textOf(claims, 'sub') ?? '';
  return readUserInfo(fetch, userInfoEndpoint, { accessToken, subject });
}
