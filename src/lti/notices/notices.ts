import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { listNoticeRows, reviveNotices, type ShownNotice } from './notice-store.ts';

export { noticeStates, type ShownNotice } from './notice-store.ts';

/** The newest notices of a tenant on their way to tools, by how they stand. */
export function listNotices(
  tx: TenantTx,
  wanted: { state?: ShownNotice['state'] | undefined; limit: number },
): Promise<ShownNotice[]> {
  return listNoticeRows(tx, wanted);
}

/**
 * Lets dead notices be sent again: one, or without an id all of the tenant's.
 *
 * @returns how many
 * @throws DomainError not_found `notice_unknown` where the one that is named is not dead
 */
export async function replayNotices(
  tx: TenantTx,
  noticeId: string | undefined,
  by: ChangeBy,
): Promise<number> {
  const revived = await reviveNotices(tx, noticeId, new Date(by.now));
  if (revived === 0 && noticeId !== undefined) {
    const message = 'There is no such notice that is dead. List them with: notice list --state dead';
    throw new DomainError('not_found', 'notice_unknown', message);
  }
  const subject = noticeId === undefined ? `tenant:${tx.tenantId}` : `notice:${noticeId}`;
  await recordChange(
    tx,
    { announce: `tenant:${tx.tenantId}`, action: 'notice.replayed', subject, after: { count: revived } },
    by,
  );
  return revived;
}
