import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { JsonReply, TextReply } from '../../contracts/http/endpoint.ts';

/** Answers with what the contract promises: members it does not name stay here. */
export function replyJson(response: Response, { status, schema }: JsonReply, value: unknown): void {
  const body = schema.parse(value);
  response.status(status).setHeader('Cache-Control', 'no-store').json(body);
}

/** Answers with text as it is made. A failure before its first piece is told as any other; later the answer is cut off. */
export async function replyText(
  response: Response,
  reply: TextReply,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.status(reply.status);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', reply.mediaType);
  if (reply.fileName !== undefined) {
    response.setHeader('Content-Disposition', `attachment; filename="${reply.fileName}"`);
  }
  async function* all() {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  }
  try {
    await pipeline(Readable.from(all()), response);
  } catch (error) {
    // The client has gone away: nobody is left to be told.
    if (!isCutOff(error)) throw error;
  } finally {
    await iterator.return?.();
  }
}

function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
