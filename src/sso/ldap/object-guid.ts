/** MS-DTYP 2.3.4.2: the first three parts are stored with the least significant byte first. */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The canonical text of an objectGUID (MS-DTYP 2.3.4.3, in lower case), or undefined when it has not 16 bytes. */
export function formatGuid(bytes: Buffer): string | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = order.map((place) => bytes.toString('hex', place, place + 1)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The bytes of an objectGUID as they are stored and searched, or undefined when the text is not canonical. */
export function parseGuid(text: string): Buffer | undefined {
  if (!canonical.test(text)) return undefined;
  const written = Buffer.from(text.replaceAll('-', ''), 'hex');
  // The order is its own inverse.
  return Buffer.from(order.map((place) => written.readUInt8(place)));
}

/**
 * The SID of a group in the domain of a person (MS-DTYP 2.4.2.2): that of the person with the last number replaced.
 *
 * @param rid primaryGroupID
 */
export function siblingSid(sid: Buffer, rid: number): Buffer | undefined {
  const isSid = sid.length >= 12 && sid.length === 8 + 4 * sid.readUInt8(1);
  if (!isSid || !Number.isInteger(rid) || rid < 0 || rid > 0xffff_ffff) return undefined;
  const sibling = Buffer.from(sid);
  sibling.writeUInt32LE(rid, sid.length - 4);
  return sibling;
}
