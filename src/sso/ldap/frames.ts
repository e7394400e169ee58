import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { BerReader } from 'ldapts';

/** Why the bytes of a directory cannot be read on. */
export type BrokenFrame = 'answer_invalid' | 'search_limit';

const sequence = 0x30;

/**
 * A connection that hands on one whole LDAP message at a time (RFC 4511 §5.1: BER with definite lengths). The LDAP client joins
 * and splits messages itself, in time that grows with the square of their length and by calling itself once for each: a directory
 * could hold up everybody by one long message, and end the hub by many short ones.
 *
 * @param mostBytes of one message
 * @param onBytes told how many bytes arrived
 * @param onBroken told once, before the connection is destroyed
 */
export function frameMessages(
  socket: Socket,
  mostBytes: number,
  onBytes: (count: number) => void,
  onBroken: (why: BrokenFrame) => void,
): Duplex {
  const split = createSplitter(mostBytes);
  const stream = new Duplex({
    readableObjectMode: true,
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    onBytes(chunk.length);
    const { messages, broken } = split(chunk);
    for (const message of messages) if (!stream.push(message)) socket.pause();
    if (broken === undefined) return;
    onBroken(broken);
    stream.destroy();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  // What the LDAP client asks of a socket that is open already.
  return Object.assign(stream, { connecting: false, readyState: 'open' });
}

function createSplitter(mostBytes: number) {
  let held: Buffer[] = [];
  let heldBytes = 0;
  return (chunk: Buffer): { messages: Buffer[]; broken?: BrokenFrame } => {
    held.push(chunk);
    heldBytes += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const length = measure(held);
      if (length === 'unknown') return { messages };
      if (length === 'invalid') return { messages, broken: 'answer_invalid' };
      if (length > mostBytes) return { messages, broken: 'search_limit' };
      if (heldBytes < length) return { messages };
      const [first = chunk, ...others] = held;
      const whole = others.length === 0 ? first : Buffer.concat(held);
      const message = whole.subarray(0, length);
      if (!saysItsResult(message)) return { messages, broken: 'answer_invalid' };
      messages.push(message);
      held = whole.length === length ? [] : [whole.subarray(length)];
      heldBytes = whole.length - length;
    }
  };
}

/** The length of the first message with its head (X.690 §8.1.3); the head may lie in several pieces. */
function measure(pieces: readonly Buffer[]): number | 'unknown' | 'invalid' {
  const [first] = pieces;
  if (first === undefined) return 'unknown';
  const head = first.length >= 6 ? first : Buffer.concat(pieces.slice(0, 6)).subarray(0, 6);
  const [tag = sequence, size] = head;
  if (tag !== sequence) return 'invalid';
  if (size === undefined) return 'unknown';
  if (size < 0x80) return 2 + size;
  const bytes = size & 0x7f;
  if (bytes === 0 || bytes > 4) return 'invalid';
  return head.length < 2 + bytes ? 'unknown' : 2 + bytes + head.readUIntBE(2, bytes);
}

/** BindResponse, SearchResultDone and ExtendedResponse (RFC 4511 §4.2.2, §4.5.2, §4.12). */
const results: readonly (number | null)[] = [0x61, 0x65, 0x78];

/** Whether an answer that ends an operation has a result code: the LDAP client takes one without for success. */
function saysItsResult(message: Buffer): boolean {
  try {
    const reader = new BerReader(message);
    reader.readSequence();
    if (reader.readInt() === null) return false;
    return !results.includes(reader.readSequence()) || reader.readEnumeration() !== null;
  } catch {
    return false;
  }
}
