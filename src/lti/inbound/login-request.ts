import { z } from 'zod';
import { isStorable, record } from '../claims.ts';
import { longestTarget } from './target.ts';

const atMost = (length: number) => z.string().min(1).max(length).refine(isStorable);
const short = atMost(255);
/** Some LMSs put a signed token in it. Both hints together still fit in an address. */
const hint = atMost(8_000);

/** Has to go back unaltered (LTI Core §4.1.1), so that one which cannot is refused rather than left out. */
const messageHint = z.preprocess((value) => (value === '' ? undefined : value), hint.optional());

/**
 * Third-party login initiation (Security Framework 1.0 §5.1.1.1; LTI Core §4.1). Canvas also says
 * `deployment_id`; some LMSs leave out client_id and the deployment. Unknown parameters are ignored.
 */
const parameters = z
  .object({
    iss: short,
    login_hint: hint,
    target_link_uri: atMost(longestTarget),
    lti_message_hint: messageHint,
    client_id: short.optional().catch(undefined),
    lti_deployment_id: short.optional().catch(undefined),
    deployment_id: short.optional().catch(undefined),
    lti_storage_target: z
      .string()
      .regex(/^[\w.:-]{1,100}$/)
      .optional()
      .catch(undefined),
  })
  .transform(({ deployment_id, lti_deployment_id = deployment_id, ...rest }): LoginRequest => {
    const given = Object.entries({ ...rest, lti_deployment_id }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given) as unknown as LoginRequest;
  });

/** A login initiation by the names of the specification; what was not sent is not there. */
export interface LoginRequest {
  iss: string;
  login_hint: string;
  target_link_uri: string;
  lti_message_hint?: string;
  client_id?: string;
  lti_deployment_id?: string;
  lti_storage_target?: string;
}

export type LoginRequestResult =
  | { ok: true; request: LoginRequest }
  | {
      ok: false;
      reason: 'login_parameter_missing' | 'login_parameter_invalid';
      /** Names of the parameters that are missing or malformed. */
      parameters: string[];
    };

/** Reads a login initiation, by GET or POST. */
export function parseLoginRequest(input: unknown): LoginRequestResult {
  const parsed = parameters.safeParse(input);
  if (parsed.success) return { ok: true, request: parsed.data };
  const given = record(input);
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  // What is sent twice counts as missing, as at the other endpoints (RFC 6749 §3.1), if it must be there.
  const missing = names.filter(
    (name) => name !== 'lti_message_hint' && (typeof given[name] !== 'string' || given[name] === ''),
  );
  return missing.length > 0
    ? { ok: false, reason: 'login_parameter_missing', parameters: missing }
    : { ok: false, reason: 'login_parameter_invalid', parameters: names };
}
