import { setTimeout as wait } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

export type Fault =
  /** 429; `plain`: with a body of plain text. */
  | { kind: 'busy'; retryAfter?: number; plain?: boolean }
  /** 500. */
  | { kind: 'broken' }
  /** 401 for a token that was good before. */
  | { kind: 'expired' }
  /** 200 with something else than a list. */
  | { kind: 'envelope' }
  /** The answer before this one, once more. */
  | { kind: 'repeat' }
  | { kind: 'slow'; ms: number }
  /** Any other answer. */
  | { kind: 'answer'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** Something happens to the rows before the answer is made. */
  | { kind: 'meanwhile'; do: () => void | Promise<void> };

export interface Faults {
  /** @param when which lists it strikes (all), after how many answers (at once), and how often (once) */
  add(fault: Fault, when?: { list?: string; after?: number; times?: number }): void;
  /** Takes away what has not struck yet. */
  clear(): void;
  handler: RequestHandler;
}

/** Faults that tests switch on. They strike calls of lists in the order in which they were added. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; list: string | undefined; after: number; times: number }[] = [];
  const answered = new Map<string, string>();

  function take(list: string): Fault | undefined {
    for (const one of waiting) {
      if (one.list !== undefined && one.list !== list) continue;
      if (one.after > 0) {
        one.after -= 1;
        continue;
      }
      one.times -= 1;
      if (one.times <= 0) waiting = waiting.filter((other) => other !== one);
      return one.fault;
    }
    return undefined;
  }

  async function strike(request: Request, response: Response, next: NextFunction): Promise<unknown> {
    const list = request.path.split('/').at(-1) ?? '';
    const fault = take(list);
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      if (response.statusCode === 200 && typeof body === 'string') answered.set(list, body);
      return send(body);
    };
    switch (fault?.kind) {
      case 'busy':
        response.status(429).set('Retry-After', String(fault.retryAfter ?? 1));
        return fault.plain ? response.type('text').send('Too many requests') : response.json({});
      case 'broken':
        return response.status(500).json({ imsx_codeMajor: 'failure', imsx_severity: 'error' });
      case 'expired':
        return response.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({});
      case 'envelope':
        return response.json({ imsx_codeMajor: 'success', data: [] });
      case 'repeat':
        return response.type('json').send(answered.get(list) ?? '{}');
      case 'slow':
        await wait(fault.ms);
        return next();
      case 'answer':
        return response
          .status(fault.status)
          .set({ ...fault.headers })
          .end(fault.body ?? '');
      case 'meanwhile':
        await fault.do();
        return next();
      default:
        return next();
    }
  }

  return {
    add: (fault, { list, after = 0, times = 1 } = {}) => void waiting.push({ fault, list, after, times }),
    clear: () => {
      waiting = [];
    },
    handler: strike,
  };
}
