import type { Response } from 'express';

/** Answers JSON under exactly this media type: express itself would add a charset, which AGS does not know. */
export function answerAs(response: Response, mediaType: string, value: unknown): void {
  response.setHeader('Content-Type', mediaType);
  response.send(Buffer.from(JSON.stringify(value)));
}
