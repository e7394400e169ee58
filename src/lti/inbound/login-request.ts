import { z } from 'zod';
import { isStorable } from '../claims.ts';

const short = z.string().min(1).max(255).refine(isStorable);
const long = z.string().min(1).max(2_000).refine(isStorable);

/**
 * Third-party login initiation (Security Framework 1.0 §5.1.1.1; LTI Core §4.1). Canvas also says
 * `deployment_id`; some LMSs leave out client_id and the deployment. Unknown parameters are ignored.
 */
const parameters = z
  .object({
    iss: short,
    login_hint: long,
    target_link_uri: long,
    lti_message_hint: long.optional().catch(undefined),
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
  | { ok: false /** Names of the parameters that are missing or malformed. */; parameters: string[] };

/** Reads a login initiation, by GET or POST. */
export function parseLoginRequest(input: unknown): LoginRequestResult {
  const parsed = parameters.safeParse(input);
  if (parsed.success) return { ok: true, request: parsed.data };
  return { ok: false, parameters: [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))] };
}
