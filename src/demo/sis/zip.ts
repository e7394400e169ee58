import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export interface ZipFile {
  name: string;
  bytes(): Iterable<Buffer> | AsyncIterable<Buffer>;
}

interface Entry {
  name: Buffer;
  method: number;
  crc: number;
  size: number;
  packed: number;
  offset: number;
}

export interface ZipOptions {
  /** 0 stores, 1 to 9 deflate. */
  level?: number;
}

/** Sizes follow the data; names are UTF-8 (APPNOTE 4.4.4, bits 3 and 11). */
const flags = 0x0808;
/** Needed to read: ZIP64 (APPNOTE 4.4.3.2). */
const version = 45;
const [stored, deflated] = [0, 8];
/** 1 January 2026, midnight: the same files always make the same bytes. */
const [dosTime, dosDate] = [0, (46 << 9) | (1 << 5) | 1];
const most32 = 0xffff_ffff;
const most16 = 0xffff;

/**
 * An archive as a stream, without knowing any size before: every entry has the ZIP64 extra field, so that its sizes
 * behind the data have eight bytes (APPNOTE 4.3.9.2).
 */
export async function* zipStream(
  files: Iterable<ZipFile>,
  { level = 1 }: ZipOptions = {},
): AsyncGenerator<Buffer> {
  const entries: Entry[] = [];
  let offset = 0;
  for (const file of files) {
    const entry: Entry = {
      name: Buffer.from(file.name),
      method: level === 0 ? stored : deflated,
      crc: 0,
      size: 0,
      packed: 0,
      offset,
    };
    entries.push(entry);
    const head = localHeader(entry);
    yield head;
    const counted = count(file.bytes(), entry);
    for await (const chunk of level === 0
      ? counted
      : Readable.from(counted).pipe(createDeflateRaw({ level }))) {
      const bytes = chunk as Buffer;
      entry.packed += bytes.length;
      yield bytes;
    }
    const tail = dataDescriptor(entry);
    yield tail;
    offset += head.length + entry.packed + tail.length;
  }
  const directory = Buffer.concat(entries.map(directoryEntry));
  yield directory;
  yield endOfDirectory(entries.length, directory.length, offset);
}

async function* count(bytes: Iterable<Buffer> | AsyncIterable<Buffer>, entry: Entry): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    entry.crc = crc32(chunk, entry.crc);
    entry.size += chunk.length;
    yield chunk;
  }
}

function localHeader({ name, method }: Entry): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(version, 4);
  writeShared(head, 6, { method, crc: 0, packed: most32, size: most32 });
  head.writeUInt16LE(name.length, 26);
  const extra = zip64Extra([0, 0]);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

function writeShared(
  into: Buffer,
  at: number,
  { method, crc, packed, size }: Pick<Entry, 'method' | 'crc' | 'packed' | 'size'>,
): void {
  into.writeUInt16LE(flags, at);
  into.writeUInt16LE(method, at + 2);
  into.writeUInt16LE(dosTime, at + 4);
  into.writeUInt16LE(dosDate, at + 6);
  into.writeUInt32LE(crc, at + 8);
  into.writeUInt32LE(packed, at + 12);
  into.writeUInt32LE(size, at + 16);
}

/** APPNOTE 4.5.3. */
function zip64Extra(numbers: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return extra;
}

function dataDescriptor({ crc, packed, size }: Entry): Buffer {
  const tail = Buffer.alloc(24);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeBigUInt64LE(BigInt(packed), 8);
  tail.writeBigUInt64LE(BigInt(size), 16);
  return tail;
}

function directoryEntry({ name, method, crc, size, packed, offset }: Entry): Buffer {
  const isLarge = Math.max(size, packed, offset) >= most32;
  const extra = isLarge ? zip64Extra([size, packed, offset]) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(version, 6);
  writeShared(head, 8, { method, crc, packed: isLarge ? most32 : packed, size: isLarge ? most32 : size });
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE(isLarge ? most32 : offset, 42);
  return Buffer.concat([head, name, extra]);
}

/** APPNOTE 4.3.14 to 4.3.16. */
function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const needs64 = count >= most16 || size >= most32 || offset >= most32;
  const end64 = Buffer.alloc(needs64 ? 76 : 0);
  if (needs64) {
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(44n, 4);
    end64.writeUInt16LE(version, 12);
    end64.writeUInt16LE(version, 14);
    for (const [index, number] of [count, count, size, offset].entries()) {
      end64.writeBigUInt64LE(BigInt(number), 24 + 8 * index);
    }
    end64.writeUInt32LE(0x07064b50, 56);
    end64.writeBigUInt64LE(BigInt(offset + size), 64);
    end64.writeUInt32LE(1, 72);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, most16), 8);
  end.writeUInt16LE(Math.min(count, most16), 10);
  end.writeUInt32LE(Math.min(size, most32), 12);
  end.writeUInt32LE(Math.min(offset, most32), 16);
  return Buffer.concat([end64, end]);
}
