import type { z } from 'zod';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT, type TargetId, type TenantId } from '../../../contracts/ids.ts';
import {
  addTarget,
  type NewTarget,
  readTargets,
  removeTarget,
  type TargetDeps,
} from '../../health/notifications/targets.ts';
import { setReportLanguage } from '../../health/reports/mail.ts';
import type { Database } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Handlers } from '../router.ts';

const done = { done: true } as const;

/** What is done for the endpoints about who is told of incidents, and gets the report of each month. */
export function targetHandlers(
  services: TargetDeps & { db: Database },
): Pick<
  Handlers<typeof endpoints>,
  | 'listTargets'
  | 'addTarget'
  | 'removeTarget'
  | 'setReportMail'
  | 'listHubTargets'
  | 'addHubTarget'
  | 'removeHubTarget'
  | 'setHubReportMail'
> {
  const { db } = services;
  const list = async (tenantId: TenantId) => ({ targets: await readTargets(db, tenantId) });
  const add = async (tenantId: TenantId, { to, url, channel, name, leastSeverity }: Parsed, by: ChangeBy) => {
    const input: NewTarget = { channel, name, leastSeverity, ...defined({ to, url }) };
    const { target, secret } = await addTarget(services, tenantId, input, by);
    return { target, secret: secret ?? null };
  };
  const remove = async (tenantId: TenantId, targetId: string, by: ChangeBy) => ({
    target: await removeTarget(db, tenantId, targetId as TargetId, by),
  });
  return {
    listTargets: ({ tenant }) => list(tenant.tenantId),
    addTarget: ({ tenant, body, by }) => add(tenant.tenantId, body, by),
    removeTarget: ({ tenant, params, by }) => remove(tenant.tenantId, params.targetId, by),
    setReportMail: async ({ tenant, params, body, by }) => {
      const wish = { targetId: params.targetId as TargetId, language: body.language };
      await setReportLanguage(db, tenant.tenantId, wish, by);
      return done;
    },
    listHubTargets: () => list(HUB_TENANT),
    addHubTarget: ({ body, by }) => add(HUB_TENANT, body, by),
    removeHubTarget: ({ params, by }) => remove(HUB_TENANT, params.targetId, by),
    setHubReportMail: async ({ params, body, by }) => {
      const wish = { targetId: params.targetId as TargetId, language: body.language };
      await setReportLanguage(db, HUB_TENANT, wish, by);
      return done;
    },
  };
}

type Parsed = z.output<(typeof endpoints)['addTarget']['body']['schema']>;
