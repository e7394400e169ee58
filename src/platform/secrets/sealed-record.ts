import type { KeyObject } from 'node:crypto';
import type { TenantId } from '../../../contracts/ids.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import { lengthPrefixed } from './length-prefixed.ts';

/** Where a sealed value is stored. It opens only there. */
export interface Place {
  table: string;
  /** The row's key within the tenant. */
  row: string;
  column: string;
}

const format = 1;
const headerLength = 5;
/** PostgreSQL's largest integer. */
const largestVersion = 0x7fff_ffff;

/**
 * Seals a value for one place of one tenant.
 *
 * @returns format (1 byte), version of the data key (4 bytes, big-endian), initialisation vector, tag, ciphertext
 */
export function sealRecord(
  dataKey: { version: number; key: KeyObject },
  tenantId: TenantId,
  place: Place,
  plain: Buffer,
): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(format, 0);
  header.writeUInt32BE(dataKey.version, 1);
  return Buffer.concat([header, encrypt(dataKey.key, plain, associatedData(header, tenantId, place))]);
}

/** Which version of the data key opens a sealed value; undefined when the bytes are none. */
export function dataKeyVersionOf(sealed: Buffer): number | undefined {
  if (sealed.length < headerLength || sealed.readUInt8(0) !== format) return undefined;
  const version = sealed.readUInt32BE(1);
  return version > 0 && version <= largestVersion ? version : undefined;
}

/** @throws Error when the key, tenant, place or any byte differs from those it was sealed with */
export function openRecord(key: KeyObject, tenantId: TenantId, place: Place, sealed: Buffer): Buffer {
  const header = sealed.subarray(0, headerLength);
  return decrypt(key, sealed.subarray(headerLength), associatedData(header, tenantId, place));
}

function associatedData(header: Buffer, tenantId: TenantId, place: Place): Buffer {
  return lengthPrefixed([header, tenantId, place.table, place.row, place.column]);
}
