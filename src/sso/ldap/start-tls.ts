import type { Socket } from 'node:net';
import { Ber, BerReader } from 'ldapts';
import { DirectoryError } from './failure.ts';

/** ExtendedRequest with message id 1 and the name 1.3.6.1.4.1.1466.20037 (RFC 4511 §4.12, §4.14.1). */
const request = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from('1.3.6.1.4.1.1466.20037'),
]);
const extendedResponse = 0x78;
/** An answer is a code and perhaps two short texts. */
const longestAnswer = 8192;

/**
 * Asks for TLS on a fresh connection and reads the answer, and nothing else: bytes that came with it were not protected, and
 * would later be read as if they were (RFC 4513 §6.2 leaves this to the client).
 *
 * @throws DirectoryError starttls_refused; the signal's reason
 */
export async function requestStartTls(socket: Socket, host: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = () => reject(new DirectoryError('starttls_refused', { host, isServersFault: true }));
  let received = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === 'accepted') resolve();
    else if (answer === 'refused') refuse();
  };
  const abort = () => reject(signal.reason);
  socket.on('data', read);
  socket.once('close', refuse);
  socket.once('error', refuse);
  signal.addEventListener('abort', abort, { once: true });
  socket.write(request);
  try {
    await promise;
  } finally {
    socket.off('data', read);
    socket.off('close', refuse);
    socket.off('error', refuse);
    signal.removeEventListener('abort', abort);
  }
}

/** Reads `LDAPMessage { messageID 1, extendedResp { resultCode 0, … } }`, which has to be all there is. */
function readAnswer(bytes: Buffer): 'accepted' | 'refused' | 'incomplete' {
  if (bytes.length > longestAnswer) return 'refused';
  try {
    const reader = new BerReader(bytes);
    if (reader.readSequence(Ber.Sequence | Ber.Constructor) === null || reader.remain < reader.length) {
      return 'incomplete';
    }
    const isAlone = reader.remain === reader.length;
    const isOurs = reader.readInt() === 1 && reader.readSequence(extendedResponse) !== null;
    return isAlone && isOurs && reader.readEnumeration() === 0 ? 'accepted' : 'refused';
  } catch {
    return 'refused';
  }
}
