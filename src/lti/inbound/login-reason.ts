import { hashSecret } from '../../platform/handle.ts';
import type { ReasonCode } from '../reasons.ts';
import type { StoredLogin } from './login-store.ts';
import type { ProvenLaunch } from './proven-launch.ts';

/** Why a login does not fit the launch that names it; undefined when it does. */
export function decideLoginReason(
  login: StoredLogin | undefined,
  { claims, proof, registration }: Pick<ProvenLaunch, 'claims' | 'proof' | 'registration'>,
  now: number,
): ReasonCode | undefined {
  if (login === undefined || login.connectionId !== registration.connectionId) return 'state_unknown';
  if (login.expiresAt.getTime() <= now) return 'state_expired';
  // Security Framework 1.0 §5.1.3 step 9: the nonce is the one issued with this very login.
  if (!login.nonceHash.equals(hashSecret(claims.nonce))) return 'nonce_mismatch';
  if (proof.secret === undefined)
    return registration.settings.requireBrowserProof ? 'browser_unproven' : undefined;
  if (proof.rung === 'storage' && login.storageTarget === undefined) return 'browser_unproven';
  return login.browserHash.equals(hashSecret(proof.secret)) ? undefined : 'browser_unproven';
}
