import { randomFillSync } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type ConnectionId = Branded<'ConnectionId'>;
export type RegistrationId = Branded<'RegistrationId'>;
export type ToolId = Branded<'ToolId'>;
export type EnablementId = Branded<'EnablementId'>;
export type PersonId = Branded<'PersonId'>;
export type ContextId = Branded<'ContextId'>;
export type ResourceLinkId = Branded<'ResourceLinkId'>;
export type LaunchId = Branded<'LaunchId'>;
export type LineItemId = Branded<'LineItemId'>;
export type DeliveryId = Branded<'DeliveryId'>;
export type RunId = Branded<'RunId'>;
export type MergeId = Branded<'MergeId'>;
export type ReviewId = Branded<'ReviewId'>;
export type ApiTokenId = Branded<'ApiTokenId'>;
export type SessionId = Branded<'SessionId'>;
export type SignInId = Branded<'SignInId'>;
export type OnboardingId = Branded<'OnboardingId'>;
export type ChangeId = Branded<'ChangeId'>;
export type IncidentId = Branded<'IncidentId'>;
export type NotificationId = Branded<'NotificationId'>;
export type OperatorId = Branded<'OperatorId'>;
export type OperatorSessionId = Branded<'OperatorSessionId'>;
export type OperatorLinkId = Branded<'OperatorLinkId'>;
export type AgreementId = Branded<'AgreementId'>;
export type RaiseId = Branded<'RaiseId'>;
export type TargetId = Branded<'TargetId'>;
export type ProbeId = Branded<'ProbeId'>;
export type WorkSourceId = Branded<'WorkSourceId'>;
export type InvitationId = Branded<'InvitationId'>;
export type AttemptId = Branded<'AttemptId'>;

/**
 * Owner of records that belong to the hub itself (its signing keys, its audit chain).
 * It is the nil UUID (RFC 9562 §5.9), which no tenant can have.
 */
export const HUB_TENANT = '00000000-0000-0000-0000-000000000000' as TenantId;

const pool = Buffer.allocUnsafe(16 * 256);
let used = pool.length;

/**
 * A new UUID version 7 (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, then 74 random bits.
 * Ids made later sort later, to the millisecond.
 *
 * @param now Unix time in milliseconds
 */
export function newId<Id extends string>(now: number = Date.now()): Id {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + 16);
  used += 16;
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}

/** When a UUIDv7 was made (RFC 9562 §5.7). @returns Unix milliseconds */
export function timeOfId(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
