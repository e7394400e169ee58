import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { ExchangeKind } from '../../contracts/health.ts';
import type { TenantId } from '../../contracts/ids.ts';
import type { Outcome } from '../health/outcomes.ts';
import { DomainError, type ErrorKind } from '../platform/errors.ts';
import { contextOf } from '../platform/http/request-context.ts';
import type { LtiServices } from './services.ts';

/**
 * How a call of a tool that is not done counts. Until its token is proven anybody could have sent it; from there on what the
 * tool sends is its maker's, and what it names was taken away in the LMS or in the hub.
 */
export const outcomeOfFailure: Readonly<Record<ErrorKind, Outcome>> = {
  unauthenticated: 'user_error',
  input: 'failed_partner',
  too_large: 'failed_partner',
  rate_limited: 'failed_partner',
  forbidden: 'failed_config',
  not_found: 'user_error',
  conflict: 'user_error',
  upstream: 'failed_partner',
  internal: 'failed_hub',
};

/** Conflicts that are no person's doing: what is entered here or there does not fit. */
const configurationFaults: ReadonlySet<string> = new Set(['lms_misconfigured']);

/** How a call that ended so counts. */
function outcomeOf({ kind, code }: DomainError): Outcome {
  return configurationFaults.has(code) ? 'failed_config' : outcomeOfFailure[kind];
}

/** What came of a call, or undefined where a row of its own tells it. */
export function decideCallOutcome(
  error: unknown,
  { isAnswered, hasRow }: { isAnswered: boolean; hasRow: boolean },
): { outcome: Outcome; reason: string | null } | undefined {
  if (error instanceof DomainError) return { outcome: outcomeOf(error), reason: error.code };
  if (error !== undefined) return { outcome: 'failed_hub', reason: 'internal' };
  if (hasRow) return undefined;
  return isAnswered ? { outcome: 'success', reason: null } : { outcome: 'user_error', reason: 'caller_gone' };
}

/**
 * Counts the calls of tools at a router for the reports, when they end. `begin` stands before its routes, `fail` behind them.
 */
export function recordCalls(
  { recordCall, clock }: Pick<LtiServices, 'recordCall' | 'clock'>,
  kind: ExchangeKind,
): { begin: RequestHandler; fail: ErrorRequestHandler } {
  const failed = Symbol('gatehouse.call_failed');
  type Locals = { [failed]?: unknown };
  return {
    begin: (_request, response, next) => {
      const startedAt = clock.now();
      response.once('close', () => {
        const { tenantId, toolId, deliveryId } = contextOf(response).facts;
        const error = (response.locals as Locals)[failed];
        const end = decideCallOutcome(error, {
          isAnswered: response.writableFinished,
          // An accepted score is a delivery from there on.
          hasRow: deliveryId !== undefined,
        });
        if (end === undefined) return;
        recordCall({
          kind,
          ...end,
          ...(typeof tenantId === 'string' && { tenantId: tenantId as TenantId }),
          ...(typeof toolId === 'string' && { toolId }),
          startedAt,
        });
      });
      next();
    },
    fail: (error: unknown, _request, response, next) => {
      (response.locals as Locals)[failed] = error;
      next(error);
    },
  };
}
