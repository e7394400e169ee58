import type { Request, RequestHandler, Response } from 'express';
import type { LogFields } from '../log.ts';
import { newReference } from './reference.ts';

/** What is known of a request beside its content. Lives as long as its response. */
export interface RequestContext {
  /** What the person reads out to a help desk; a launch puts its own here. */
  reference: string;
  /** Monotonic milliseconds at the start. */
  readonly startedAt: number;
  /** Facts for the one log line of this request; ids only. */
  readonly facts: LogFields;
  /** Whom a failure is told to: `negotiated` goes by the Accept header. */
  audience: 'people' | 'programs' | 'oauth_clients' | 'negotiated';
  /** The pattern of the endpoint that answered. */
  route: string | undefined;
}

const key = Symbol('gatehouse.request');
type Locals = { [key]?: RequestContext };

/** The context of the request this response answers. */
export function contextOf(response: Response): RequestContext {
  const locals = response.locals as Locals;
  let context = locals[key];
  if (context === undefined) {
    context = {
      reference: newReference(),
      startedAt: performance.now(),
      facts: {},
      audience: 'negotiated',
      route: undefined,
    };
    locals[key] = context;
  }
  return context;
}

/** Routes behind it tell failures on a page, whatever the client says it accepts. */
export const forPeople: RequestHandler = (_request, response, next) => {
  contextOf(response).audience = 'people';
  next();
};

/** Routes behind it tell failures as problem details, whatever the client says it accepts. */
export const forPrograms: RequestHandler = (_request, response, next) => {
  contextOf(response).audience = 'programs';
  next();
};

/** Whether a person should be shown a page: browsers name text/html, programs name JSON or nothing. */
export function wantsPage(request: Request, context: RequestContext): boolean {
  if (context.audience !== 'negotiated') return context.audience === 'people';
  return /\btext\/html\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.get('accept') ?? '');
}
