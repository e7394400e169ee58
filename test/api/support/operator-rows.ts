import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { invite, makeSetupLink } from '../../../src/operators/links/links.ts';
import { raiseRights } from '../../../src/operators/raised/raised-rights.ts';
import type { OperatorServices } from '../../../src/operators/services.ts';
import { findSession } from '../../../src/operators/sessions/operator-sessions.ts';
import { signInWithPassword } from '../../../src/operators/sessions/sign-in.ts';
import { addOperator, password } from './console-visitor.ts';

/** An admin, a set-up link and raised rights of a school; somebody of the hub's staff and an invitation to it. */
export async function addOperatorRows(services: OperatorServices, tenantId: TenantId) {
  const by = { actor: 'test', now: services.clock.now() };
  const admin = await addOperator(services, ['institution_admin'], { owner: tenantId });
  const staff = await addOperator(services, ['manager']);
  const guest = { name: 'Grace', email: 'grace@company.example', days: 3 };
  const { link: setupLink } = await makeSetupLink(services, tenantId, { ...guest, steps: ['lms'] }, by);
  const { link: invitation } = await invite(services, HUB_TENANT, { ...guest, roles: ['viewer'] }, by);
  const visit = { address: '192.0.2.1', cookieHeader: undefined };
  const { secret } = await signInWithPassword(services, { email: staff.email, password }, visit);
  const signedIn = await findSession(services, `__Host-gho=${secret}`);
  const wanted = { scopes: ['people:read'] as const, reason: 'A pupil cannot sign in', minutes: 60 };
  const { raise } = await raiseRights(services, tenantId, signedIn!, wanted, by);
  return {
    ofTenant: { operatorId: admin.operatorId, linkId: setupLink.linkId, raiseId: raise.raiseId },
    ofHub: { operatorId: staff.operatorId, linkId: invitation.linkId },
  };
}

/** What would be done at each endpoint about accounts, were it allowed. */
export const operatorWishes = {
  listAdmins: {},
  listHandedWays: {},
  inviteAdmin: { body: { name: 'New', email: 'new@school.example' } },
  revokeAdminInvitation: {},
  disableAdmin: {},
  enableAdmin: {},
  resetAdminSecondFactor: {},
  unlinkAdmin: {},
  makeAdminPasswordLink: {},
  listAdminWays: {},
  openAdminWay: {},
  closeAdminWay: {},
  confirmSharing: { body: { agreementId: newId() } },
  listSetupLinks: {},
  makeSetupLink: { body: { name: 'Lin', email: 'lin@school.example', steps: ['roster'] } },
  revokeSetupLink: {},
  listRaisedRights: {},
  raiseRights: { body: { scopes: ['people:read'], reason: 'A pupil cannot sign in' } },
  endRaisedRights: {},
  listOperators: {},
  inviteOperator: { body: { name: 'New', email: 'new@company.example', roles: ['viewer'] } },
  revokeInvitation: {},
  changeOperatorRoles: { body: { roles: ['viewer'] } },
  disableOperator: {},
  enableOperator: {},
  resetSecondFactor: {},
  makePasswordLink: {},
};
