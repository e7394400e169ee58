import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId, LaunchId } from '../../../contracts/ids.ts';
import { findLaunches, searchLaunches } from '../../lti/inbound/trace.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { pageOf } from '../page.ts';
import { readReference } from '../read-reference.ts';
import type { Handlers } from '../router.ts';
import { readToolId, readToolSlugs } from '../tools/tool-slugs.ts';
import { showLaunch, showLaunchDetails } from './shown.ts';

type LaunchEndpoint = 'listLaunches' | 'showLaunch';

/** What is done for the endpoints about launches. */
export function launchHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, LaunchEndpoint> {
  return {
    listLaunches: ({ tenant, query: { limit, tool, ended, since, until, ...query } }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const filter = {
          reference: query.reference === undefined ? undefined : readReference(query.reference),
          toolId: await readToolId(tx, tool),
          connectionId: query.connectionId as ConnectionId | undefined,
          ...{ outcome: query.outcome, reason: query.reason },
          hasEnded: ended === undefined ? undefined : ended === 'true',
          since: since === undefined ? undefined : new Date(since),
          until: until === undefined ? undefined : new Date(until),
          before: query.before as LaunchId | undefined,
        };
        const found = await searchLaunches(tx, filter, limit + 1);
        const { rows, next } = pageOf(found, limit, ({ launchId }) => launchId);
        const slugs = await readToolSlugs(tx);
        return { launches: rows.map((launch) => showLaunch(launch, slugs)), next };
      }),
    showLaunch: ({ tenant, params }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const reference = readReference(params.reference);
        const launches = await findLaunches(tx, reference);
        if (launches.length === 0) {
          const message = `No launch here has the reference ${reference}. Check the spelling and the institution.`;
          throw new DomainError('not_found', 'launch_unknown', message);
        }
        const slugs = await readToolSlugs(tx);
        return { launches: launches.map((launch) => showLaunchDetails(launch, slugs)) };
      }),
  };
}
