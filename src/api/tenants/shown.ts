import type { z } from 'zod';
import type { listTenants } from '../../../contracts/http/tenants.ts';
import { onboardingStages } from '../../../contracts/onboarding.ts';
import type { ListedTenant } from './tenant-list-store.ts';

type ShownTenant = z.input<(typeof listTenants)['reply']['schema']>['tenants'][number];

/** A tenant as the list shows it. */
export function showListed(row: ListedTenant): ShownTenant {
  const { tenant_id: tenantId, slug, name, status, health: state, incidents } = row;
  // Positions in the database begin with one.
  const stage = row.stage_no === null ? undefined : onboardingStages[row.stage_no - 1];
  return {
    ...{ tenantId, slug, name, status, health: { state, incidents } },
    createdAt: new Date(row.created_at).toISOString(),
    onboarding:
      row.open === null || stage === undefined
        ? null
        : {
            ...{ open: row.open, stage, waitingOn: row.waiting_on ?? [] },
            ...{ promisedOn: row.promised_on, overdue: row.is_overdue },
          },
  };
}
