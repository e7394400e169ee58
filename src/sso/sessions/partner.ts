import { z } from 'zod';
import type { SessionId, TenantId } from '../../../contracts/ids.ts';
import type { SsoServices } from '../services.ts';
import { selectSealedPartner } from './session-store.ts';
import { partnerPlace } from './sessions.ts';

const details = z.record(z.string(), z.string());

/**
 * What the other side must be told to end its own session, as it was kept when this one began; undefined: nothing was.
 *
 * @param sessionId also of a session that has ended
 * @throws DomainError `secret_unreadable`
 */
export async function openPartner(
  { db, secrets }: Pick<SsoServices, 'db' | 'secrets'>,
  tenantId: TenantId,
  sessionId: SessionId,
): Promise<Record<string, string> | undefined> {
  const tx = db.tenant(tenantId);
  const sealed = await selectSealedPartner(tx, sessionId);
  if (sealed === null) return undefined;
  const plain = await secrets.open(tx, partnerPlace(sessionId), sealed);
  return details.parse(JSON.parse(plain.toString()));
}
