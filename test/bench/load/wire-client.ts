import { connect, type Socket } from 'node:net';
import type { Send, WireAnswer, WireRequest } from './connections.ts';

/** One kept-alive connection, opened at its first request and again after the server has closed it. */
export interface WireClient {
  /** One request at a time. @throws Error when the connection breaks or the answer is not understood */
  send: Send;
  close(): void;
}

/** An answer to a launch is about a quarter of it. */
const readBytes = 16_384;

/**
 * As little HTTP/1.1 as a benchmark needs, since the load runs on the cores of what it measures: whole answers with a
 * `Content-Length`, or none at all (RFC 9112 §6.3). An answer of another kind ends the measurement.
 */
export function openWireClient(origin: string): WireClient {
  const { hostname, port } = new URL(origin);
  let socket: Socket | undefined;
  let received: Buffer | undefined;
  let waiting: PromiseWithResolvers<WireAnswer> | undefined;

  const fail = (error: Error) => {
    socket?.destroy();
    socket = undefined;
    received = undefined;
    waiting?.reject(error);
    waiting = undefined;
  };
  const open = (): Socket => {
    const onRead = (part: Buffer) => {
      received = received === undefined ? part : Buffer.concat([received, part]);
      try {
        const answer = readAnswer(received);
        if (answer === undefined) {
          // The next part comes into the same memory.
          received = Buffer.from(received);
          return;
        }
        received = undefined;
        waiting?.resolve(answer);
        waiting = undefined;
      } catch (error) {
        fail(error as Error);
      }
    };
    const opened = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        // One for all that comes: new memory for each answer would make the load stop and tidy while it measures.
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback: (count, buffer) => {
          onRead(Buffer.from(buffer.buffer, buffer.byteOffset, count));
          return true;
        },
      },
    });
    opened.on('error', fail);
    opened.on('close', () => {
      if (socket === opened) fail(new Error('The server closed the connection before it answered'));
    });
    return opened;
  };

  return {
    send: (request) => {
      if (waiting !== undefined) return Promise.reject(new Error('A request is under way already'));
      waiting = Promise.withResolvers<WireAnswer>();
      socket ??= open();
      socket.write(requestText(request));
      return waiting.promise;
    },
    close: () => {
      const ended = socket;
      socket = undefined;
      ended?.destroy();
    },
  };
}

function requestText({ method, path, headers, body }: WireRequest): string {
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}\r\n`;
  if (body === undefined) return `${text}\r\n`;
  return `${text}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const headEnd = Buffer.from('\r\n\r\n');

/** @returns undefined while a part of the answer is missing */
function readAnswer(bytes: Buffer): WireAnswer | undefined {
  const end = bytes.indexOf(headEnd);
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers: WireAnswer['headers'] = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = value;
  }
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  const status = Number(statusLine.slice(9, 12));
  const length = status === 204 ? 0 : Number(headers['content-length'] ?? Number.NaN);
  if (!statusLine.startsWith('HTTP/1.1 ') || !Number.isInteger(length)) {
    throw new Error(`Not an answer with a length: ${statusLine}`);
  }
  const start = end + headEnd.length;
  if (bytes.length < start + length) return undefined;
  return {
    status,
    headers,
    body: bytes.toString('utf8', start, start + length),
  };
}
