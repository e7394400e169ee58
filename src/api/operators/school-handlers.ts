import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { schoolSignInEndpoints } from '../../../contracts/http/school-sign-in.ts';
import type { ConnectionId, OperatorId, TenantId } from '../../../contracts/ids.ts';
import { readOperator } from '../../operators/accounts/accounts.ts';
import { refuseSetUp } from '../../operators/accounts/own-password.ts';
import { makePasswordLink } from '../../operators/links/links.ts';
import { acceptBySchool, linkOwn, schoolPath } from '../../operators/school/set-out.ts';
import {
  closeWay,
  listOpenWays,
  listWays,
  openWay,
  type SchoolWay,
  unlinkAdmin,
} from '../../operators/school/ways.ts';
import type { OperatorServices } from '../../operators/services.ts';
import type { HostCookie } from '../../platform/http/cookies.ts';
import { findTenant, findTenantBySlug } from '../../tenants/tenants.ts';
import type { Browser } from '../browser.ts';
import type { Handlers } from '../router.ts';
import { showLink, showOperator } from './operator-shown.ts';

/** What is done for the endpoints by which admins come in by their own institution's sign-in, or by a new password. */
export function schoolHandlers(
  services: OperatorServices,
): Pick<Handlers<typeof endpoints>, keyof typeof schoolSignInEndpoints> {
  const idOf = ({ operatorId }: { operatorId: string }) => operatorId as OperatorId;
  const wayOf = ({ connectionId }: { connectionId: string }) => connectionId as ConnectionId;
  const setOut = async (
    browser: Browser,
    connectionId: ConnectionId,
    { tenantId, cookie }: { tenantId: TenantId; cookie: HostCookie },
  ) => {
    browser.setCookie(cookie);
    const tenant = await findTenant(services.db.directory, tenantId);
    return { startPath: schoolPath(tenant?.slug ?? '', connectionId, true) };
  };
  return {
    showSchoolSignIn: async ({ params }) => {
      const tenant = await findTenantBySlug(services.db.directory, params.slug);
      if (tenant?.status !== 'active') return { ways: [] };
      return { ways: showWays(tenant.slug, await listOpenWays(services, tenant.tenantId)) };
    },
    acceptBySchool: async ({ body, browser, by }) => {
      const connectionId = wayOf(body);
      return setOut(
        browser,
        connectionId,
        await acceptBySchool(services, { token: body.token, connectionId }, by.now),
      );
    },
    linkOwnSchool: async ({ signedIn, body, browser, by }) => {
      refuseSetUp(signedIn);
      const connectionId = wayOf(body);
      const wish = { connectionId, current: body.current };
      return setOut(browser, connectionId, await linkOwn(services, signedIn, wish, by.now));
    },
    listAdminWays: async ({ tenant }) => ({
      ways: (await listWays(services, tenant.tenantId)).map(({ openedAt, ...way }) => ({
        ...way,
        openedAt: openedAt?.toISOString() ?? null,
      })),
    }),
    openAdminWay: async ({ tenant, params, body, by }) => {
      await openWay(services, tenant.tenantId, wayOf(params), by, body);
      return { connectionId: params.connectionId, open: true };
    },
    closeAdminWay: async ({ tenant, params, by }) => {
      await closeWay(services, tenant.tenantId, wayOf(params), by);
      return { connectionId: params.connectionId, open: false };
    },
    unlinkAdmin: async ({ tenant, params, by }) => {
      await unlinkAdmin(services, tenant.tenantId, idOf(params), by);
      return { operator: showOperator(await readOperator(services, tenant.tenantId, idOf(params))) };
    },
    makeAdminPasswordLink: async ({ tenant, params, by }) => {
      const operator = await readOperator(services, tenant.tenantId, idOf(params));
      const { link, address } = await makePasswordLink(services, operator, by);
      return { invitation: showLink(link, by.now), link: address };
    },
  };
}

export function showWays(slug: string, ways: readonly SchoolWay[]) {
  return ways.map(({ connectionId, name }) => ({
    ...{ connectionId, name },
    startPath: schoolPath(slug, connectionId),
  }));
}
