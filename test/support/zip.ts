import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be put into an archive, with what an honest archive would not say. */
export interface ZippedFile {
  name: string;
  bytes: Buffer | string;
  /** Default: deflated. */
  stored?: boolean;
  /** What the directory claims, where it lies. */
  claims?: { uncompressed?: number; crc?: number; flags?: number; method?: number };
  /** Unix mode; a symbolic link has 0o120777. */
  mode?: number;
  /** Points at the bytes of the file before it in place of its own. */
  sharesBytes?: boolean;
  /** Writes sizes and place as ZIP64 does (APPNOTE 4.5.3). */
  zip64?: boolean;
}

/** Writes a ZIP archive (APPNOTE 4.3), also such as nobody should. */
export function zip(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let before: Placed | undefined;
  for (const file of files) {
    const placed: Placed =
      file.sharesBytes && before !== undefined ? { ...before, offset: before.offset } : place(file, offset);
    if (placed.local !== undefined && !(file.sharesBytes && before !== undefined)) {
      parts.push(placed.local);
      offset += placed.local.length;
    }
    directory.push(centralRecord(file, placed));
    before = placed;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

interface Placed {
  offset: number;
  compressed: number;
  uncompressed: number;
  crc: number;
  local: Buffer;
}

function place(file: ZippedFile, offset: number): Placed {
  const bytes = Buffer.from(file.bytes);
  const data = file.stored ? bytes : deflateRawSync(bytes);
  const uncompressed = file.claims?.uncompressed ?? bytes.length;
  const crc = file.claims?.crc ?? crc32(bytes);
  const name = Buffer.from(file.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE((file.claims?.flags ?? 0) | 0x800, 6);
  header.writeUInt16LE(methodOf(file), 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(uncompressed % 2 ** 32, 22);
  header.writeUInt16LE(name.length, 26);
  return { offset, compressed: data.length, uncompressed, crc, local: Buffer.concat([header, name, data]) };
}

function centralRecord(file: ZippedFile, placed: Placed): Buffer {
  const name = Buffer.from(file.name);
  const extra = file.zip64 ? zip64Extra(placed) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 45, 4); // made on Unix
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE((file.claims?.flags ?? 0) | 0x800, 8);
  header.writeUInt16LE(methodOf(file), 10);
  header.writeUInt32LE(placed.crc, 16);
  header.writeUInt32LE(file.zip64 ? 0xffffffff : placed.compressed, 20);
  header.writeUInt32LE(file.zip64 ? 0xffffffff : placed.uncompressed, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE((file.mode ?? 0o100644) * 65_536, 38);
  header.writeUInt32LE(file.zip64 ? 0xffffffff : placed.offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Extra({ uncompressed, compressed, offset }: Placed): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(uncompressed), 4);
  extra.writeBigUInt64LE(BigInt(compressed), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return extra;
}

function methodOf(file: ZippedFile): number {
  return file.claims?.method ?? (file.stored ? 0 : 8);
}
