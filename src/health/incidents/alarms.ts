import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { type AlarmCode, endAlarm, noteAlarm } from './alarm-store.ts';

/** Somebody has to look at what background work has met; it lasts as long as it is met again within the hour. */
export function raiseAlarm(
  tx: TenantTx,
  connectionId: ConnectionId,
  alarm: { code: AlarmCode; amount: number; now: Date },
): Promise<void> {
  return noteAlarm(tx, connectionId, alarm);
}

/** It is over. */
export function clearAlarm(tx: TenantTx, connectionId: ConnectionId, code: AlarmCode): Promise<void> {
  return endAlarm(tx, connectionId, code);
}
