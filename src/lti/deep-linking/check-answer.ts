import { isNothing } from '../../platform/absent.ts';
import { claim, type Payload, text } from '../claims.ts';
import type { ReasonCode } from '../reasons.ts';

/** How far a tool's clock may be from ours, and how old its answer, in seconds. */
const skew = 60;
const longestAge = 600;

/** How long a used nonce is kept past its last moment, since the database has a clock of its own. */
const margin = 300;

export interface AnswerExpectations {
  /** The tool's at the hub. */
  clientId: string;
  /** The hub's. */
  issuer: string;
  /** What the tool knows the school by. */
  deploymentId: string;
  /** Unix seconds. */
  now: number;
}

/** What a tool says to the teacher and to the logs of the LMS (Deep Linking 2.0 §4.5.6–4.5.9). */
export interface AnswerMessages {
  message: string | undefined;
  log: string | undefined;
  error: string | undefined;
  errorLog: string | undefined;
}

export type AnswerResult =
  | {
      ok: true;
      nonce: string;
      /** Unix seconds from when on nobody takes it any more. */
      forgetAt: number;
      items: unknown;
      messages: AnswerMessages;
    }
  | { ok: false; reason: Extract<ReasonCode, `answer_${string}`> };

/**
 * Checks the claims of a tool's answer whose signature is proven (Security Framework 1.0 §5.2.2; Deep Linking 2.0 §4.5).
 * Whether its nonce is new, and whether its `data` is still open, is settled by the database.
 */
export function checkAnswer(payload: Payload, expected: AnswerExpectations): AnswerResult {
  const nonce = text(payload.nonce, 255);
  const reason =
    checkParties(payload, expected) ?? checkTimes(payload, expected.now) ?? checkMessage(payload, expected);
  if (reason !== undefined) return { ok: false, reason };
  if (nonce === undefined) return { ok: false, reason: 'answer_message_invalid' };
  return {
    ok: true,
    nonce,
    forgetAt: Number(payload.iat) + longestAge + skew + margin,
    items: payload[claim.contentItems],
    messages: {
      message: text(payload[claim.deepLinkingMessage]),
      log: text(payload[claim.deepLinkingLog]),
      // ltijs 5 writes the name of this claim with a space at its end.
      error: text(payload[claim.deepLinkingError]) ?? text(payload[`${claim.deepLinkingError} `]),
      errorLog: text(payload[claim.deepLinkingErrorLog]),
    },
  };
}

function checkParties(payload: Payload, { clientId, issuer }: AnswerExpectations) {
  if (payload.iss !== clientId) return 'answer_issuer_mismatch' as const;
  const audiences: unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  const isOurs = audiences.length > 0 && audiences.every((audience) => audience === issuer);
  return isOurs ? undefined : ('answer_audience_mismatch' as const);
}

/** RFC 7519 §4.1.4–4.1.6. */
function checkTimes({ exp, iat, nbf }: Payload, now: number) {
  const isGood =
    isTime(exp) && exp + skew > now && isTime(iat) && iat - skew <= now && iat + longestAge + skew >= now;
  const hasBegun = isNothing(nbf) || (isTime(nbf) && nbf - skew <= now);
  return isGood && hasBegun ? undefined : ('answer_expired' as const);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function checkMessage(payload: Payload, { deploymentId }: AnswerExpectations) {
  if (payload[claim.messageType] !== 'LtiDeepLinkingResponse') return 'answer_message_invalid' as const;
  if (payload[claim.version] !== '1.3.0') return 'answer_message_invalid' as const;
  if (payload[claim.deploymentId] !== deploymentId) return 'answer_deployment_mismatch' as const;
  return undefined;
}
