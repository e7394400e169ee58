import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import type { NewWorkItem } from '../../../contracts/work-items.ts';
import { saveWork } from '../../health/burden/work-store.ts';
import { randomOf } from '../../health/history/random.ts';
import { historyPartners } from '../../health/history/world.ts';
import { inScope } from '../../health/notifications/targets.ts';
import type { Database } from '../../platform/db.ts';
import type { SeededWorld } from './schools.ts';

const dayMs = 86_400_000;
/** As far back as the page of burdens looks, and some more. */
const weeks = 30;
/** Schools that keep a list of their own beside the company's. */
const schoolsWithLists = 5;

/** Puts down what people worked on integrations, as if it had come from a tracker's list. What is known stays as it is. */
export async function seedWork(db: Database, { world, madeAt }: SeededWorld): Promise<void> {
  const lists = [
    { tenantId: HUB_TENANT as TenantId, aWeek: 6 },
    ...world.schools
      .slice(0, schoolsWithLists)
      .map(({ tenantId }) => ({ tenantId: tenantId as TenantId, aWeek: 1 })),
  ];
  for (const [at, { tenantId, aWeek }] of lists.entries()) {
    const items = makeWork(`${world.seed} ${at}`, madeAt, aWeek);
    await inScope(db, tenantId, (tx) => saveWork(tx, 'csv', items, new Date(madeAt)));
  }
}

/** Pieces of work, the same for the same seed: most of them keep up what is there. */
function makeWork(seed: string, madeAt: number, aWeek: number): NewWorkItem[] {
  const random = randomOf(seed, 'work');
  const partners = Object.values(historyPartners).flat();
  return Array.from({ length: weeks * aWeek }, (_, number) => ({
    externalId: `DEMO-${number + 1}`,
    integration: random.chance(0.65) ? ('existing' as const) : ('new' as const),
    partner: random.pick(partners),
    minutes: 15 * random.between(1, 16),
    doneAt: new Date(Math.floor(madeAt - (number / aWeek + random.next() / aWeek) * 7 * dayMs)).toISOString(),
  }));
}
