import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { Database, HubTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { type DownHost, deleteDownHost, deleteDownTools, listDownHosts, toolPrefix } from './host-store.ts';

export type { DownHost } from './host-store.ts';

/** Hosts of partners that are left alone since they are down. */
export function readDownHosts(db: Pick<Database, 'hub'>): Promise<DownHost[]> {
  return listDownHosts(db.hub());
}

/** The name under which one tool is known by itself, beside hosts. */
export function nameOfTool(slug: string): string {
  return `${toolPrefix}${slug}`;
}

/** Forgets tools that were down by themselves and are not asked any more. @param slugs of those that are */
export function forgetOtherTools(tx: HubTx, slugs: readonly string[]): Promise<void> {
  return deleteDownTools(tx, slugs.map(nameOfTool));
}

/**
 * Lets calls to a host pass again, as when its maker says that it is up. Copies notice within five seconds.
 *
 * @throws DomainError not_found `host_not_down`
 */
export async function resetHost(db: Pick<Database, 'withHub'>, host: string, by: ChangeBy): Promise<void> {
  await db.withHub(async (tx) => {
    if (!(await deleteDownHost(tx, host))) {
      const message = `Calls to ${host} pass already. List the hosts that are down to see their names.`;
      throw new DomainError('not_found', 'host_not_down', message);
    }
    const change = { announce: `tenant:${HUB_TENANT}`, action: 'partner_host.reset' } as const;
    await recordChange(tx, { ...change, subject: `host:${host}` }, by);
  });
}
