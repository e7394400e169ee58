import type { Request, Response } from 'express';
import type { LtiProvider } from 'ltijs';
import type { GradeAnswer, GradeCall } from './messages.ts';

/** Where the tool's own page asks for a call, with the session of the launch (an `ltik` and its cookie). */
export const gradeCallsPath = '/grade-calls';

/** Lets ltijs call the platform's gradebook by its Grade service, for the person whose session it is. */
export function serveGradeCalls(tool: LtiProvider): void {
  tool.app.post(gradeCallsPath, async (request: Request, response: Response) => {
    const call = JSON.parse((request.body as { call: string }).call) as GradeCall;
    response.json(await answerOf(tool, response.locals.token, call));
  });
}

async function answerOf(tool: LtiProvider, token: unknown, call: GradeCall): Promise<GradeAnswer> {
  const { method, given, clockBehindMs = 0 } = call;
  if (tool.Grade[method] === undefined) return { kind: 'failed', message: `ltijs has no ${method}` };
  const now = Date.now;
  Date.now = () => now() - clockBehindMs;
  try {
    const value = await tool.Grade[method](token, ...(given as never[]));
    return { kind: 'done', value };
  } catch (error) {
    return refusalOf(error);
  } finally {
    Date.now = now;
  }
}

/** What the platform answered, where its answer is what the call failed for. */
function refusalOf(error: unknown): GradeAnswer {
  const { message, response } = error as Error & { response?: { statusCode: number; body: string } };
  return response === undefined
    ? { kind: 'failed', message }
    : { kind: 'refused', status: response.statusCode, body: response.body };
}
