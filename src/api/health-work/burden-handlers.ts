import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { readBurden, readToil } from '../../health/burden/burden.ts';
import { importWork, readWorkSources } from '../../health/burden/work.ts';
import { largestWorkCsv, readWorkCsv } from '../../health/burden/work-csv.ts';
import type { Database } from '../../platform/db.ts';
import type { Handlers } from '../router.ts';
import { readText } from './read-text.ts';

/** What is done for the endpoints about the work that integrations make. */
export function burdenHandlers(
  db: Database,
): Pick<Handlers<typeof endpoints>, 'showBurden' | 'addWork' | 'importWork' | 'listWorkSources'> {
  return {
    showBurden: async ({ query, by: { now } }) => {
      const { month, term } = await readBurden(db, HUB_TENANT, now);
      const show = ({ from, to, ...rest }: typeof month) => ({
        ...{ from: from.toISOString(), to: to.toISOString(), ...rest },
      });
      const toil = await readToil(db, HUB_TENANT, { months: query.months, now });
      return { month: show(month), term: term && show(term), toil };
    },
    addWork: async ({ body, by }) => ({
      count: await importWork(db, HUB_TENANT, { source: 'api', work: body.items }, by),
    }),
    importWork: async ({ body, by }) => {
      const work = readWorkCsv(await readText(body, largestWorkCsv, 'work_list_invalid'));
      return { count: await importWork(db, HUB_TENANT, { source: 'csv', work }, by) };
    },
    listWorkSources: async () => ({
      sources: (await readWorkSources(db, HUB_TENANT)).map(({ createdAt, ...rest }) => ({
        ...{ ...rest, createdAt: createdAt.toISOString() },
      })),
    }),
  };
}
