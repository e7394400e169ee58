import { recordAudit } from '../../audit/audit.ts';
import type { Database } from '../../platform/db.ts';
import { findLastRelease, lockReleases } from './release-store.ts';

/**
 * Puts into the hub's own audit trail that another version of it runs, once however many copies start. While copies of two
 * versions are started in turns, each turn is a release of its own.
 *
 * @returns whether it is new
 */
export async function recordRelease(
  db: Pick<Database, 'withHub'>,
  version: string,
  by: { actor: string; now: number },
): Promise<boolean> {
  return db.withHub(async (tx) => {
    await lockReleases(tx);
    const subject = `release:${version}`;
    if ((await findLastRelease(tx)) === subject) return false;
    await recordAudit(tx, { ...by, action: 'hub.released', subject, after: { version } });
    return true;
  });
}
