import { createServer, type Socket } from 'node:net';

export interface WireServerRequest {
  method: string;
  path: string;
  /** Start line and header fields as they came. */
  head: string;
  body: string;
}

export interface WireReply {
  status: number;
  type: string;
  body: string;
}

export interface WireServer {
  origin: string;
  close(): Promise<void>;
}

/**
 * The other end of the wire client, for partners of what is measured: requests with a `Content-Length` or none at all,
 * over connections that are kept, one at a time on each (RFC 9112 §6.3, §9.3).
 */
export function startWireServer(
  answer: (request: WireServerRequest) => Promise<WireReply>,
): Promise<WireServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    let received: Buffer | undefined;
    sockets.add(socket);
    socket.on('data', (part) => {
      received = received === undefined ? part : Buffer.concat([received, part]);
      const request = readRequest(received);
      if (request === undefined) return;
      received = undefined;
      answer(request).then(
        (reply) => socket.write(replyText(reply)),
        () => socket.destroy(),
      );
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      resolve({
        origin: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

const headEnd = Buffer.from('\r\n\r\n');

/** @returns undefined while a part of the request is missing */
function readRequest(bytes: Buffer): WireServerRequest | undefined {
  const end = bytes.indexOf(headEnd);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const start = end + headEnd.length;
  if (bytes.length < start + length) return undefined;
  const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
  return { method, path, head, body: bytes.toString('utf8', start, start + length) };
}

function replyText({ status, type, body }: WireReply): string {
  return (
    `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\ncontent-type: ${type}\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
