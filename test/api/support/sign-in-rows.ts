import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { newReference } from '../../../src/platform/http/reference.ts';
import { finishSignIn } from '../../../src/sso/finish.ts';
import { getIdentity } from '../../../src/sso/identities/identities.ts';
import type { SsoServices } from '../../../src/sso/services.ts';
import type { SignInResult } from '../../../src/sso/sign-in.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';

/** What nobody may find in an answer of ours. */
export const personal = { subject: 'zyx-subject', name: 'Zyx Zyxson', email: 'zyx@school.example' };

/** A try to sign in as the routes end it. @returns its reference, and what it has led to */
export async function tryToSignIn(
  sso: SsoServices,
  place: { slug: string; tenantId: TenantId; identityId: ConnectionId },
  given: { subject?: string; refusedFor?: string; isTest?: boolean } = {},
) {
  const { subject = personal.subject, refusedFor, isTest = false } = given;
  const tenant = await getTenantBySlug(sso.db.directory, place.slug);
  const identity = await sso.db.withTenant(place.tenantId, (tx) => getIdentity(tx, place.identityId));
  const signedIn = {
    ...{ issuer: 'ldap:school.example', attributes: {}, groups: [] },
    ...{ subject, name: personal.name, email: personal.email },
  };
  const result: SignInResult<string> =
    refusedFor === undefined
      ? { accepted: true, signedIn, checks: [{ rule: 'user_unknown', passed: true }] }
      : {
          accepted: false,
          reason: refusedFor,
          checks: [{ rule: refusedFor, passed: false, found: personal.email }],
        };
  const reference = newReference();
  const returnTo = `/t/${place.slug}/portal`;
  const arrival = { tenant, identity, result, returnTo, isTest, reference, address: '192.0.2.1' };
  const finished = await finishSignIn({ ...sso, refusalRows: { keeps: () => true } }, arrival);
  return { reference, finished };
}
