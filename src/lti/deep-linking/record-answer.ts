import type { Outcome } from '../../health/outcomes.ts';
import { type ReasonCode, reason as reasonEntry } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import type { AnswerInput, Asked } from './asked.ts';

/** Counts what came of a request for content, for the reports. */
export function recordAnswer(
  { recordCall, clock }: LtiServices,
  { named, request }: Asked,
  end: { outcome: Outcome; reason: ReasonCode | null },
): void {
  const { tenantId } = named;
  const { connectionId, toolId } = request;
  recordCall({ kind: 'deep_linking', ...end, tenantId, connectionId, toolId, startedAt: clock.now() });
}

/**
 * Ends an answer with a page in plain words, and counts why. What names no open request anybody could have sent: it is
 * nobody's failure.
 */
export function refuseAnswer(
  services: LtiServices,
  { reference }: Pick<AnswerInput, 'reference'>,
  refusal: { reason: ReasonCode; detail?: string; asked?: Asked },
): Reply {
  const { reason, asked } = refusal;
  if (asked === undefined) services.recordRefusal({ kind: 'deep_linking', outcome: 'user_error', reason });
  else recordAnswer(services, asked, { outcome: reasonEntry(reason).outcome, reason });
  return {
    kind: 'refused',
    reason,
    reference,
    family: asked?.registration.family ?? 'generic',
    frameAncestors: services.frameAncestors,
    tenantLocale: asked?.tenant.locale,
  };
}
