import { DomainError } from '../../platform/errors.ts';
import { registerTool } from '../../tools/tools.ts';
import type { LtiServices } from '../services.ts';
import {
  AttemptLost,
  beginAttempt,
  type Closed,
  failAttempt,
  type OpenAttempt,
  succeedAttempt,
} from './attempts.ts';
import { attributeTo } from './invitations.ts';
import { readToolMetadata } from './tool-metadata.ts';

export type ToolRegistrationServices = Pick<
  LtiServices,
  'db' | 'clock' | 'allowLoopback' | 'recordCall' | 'recordRefusal'
>;

/** Why a tool is not registered. What comes first anybody could have sent; the others are RFC 7591's (§3.2.2). */
export const toolRegistrationRefusals = {
  token_missing: {
    outcome: 'user_error',
    advice: 'The tool sent no registration token in the header Authorization.',
  },
  token_invalid: {
    outcome: 'user_error',
    advice: 'The registration token is not one of this hub, was used or revoked, or has expired.',
  },
  invalid_client_metadata: {
    outcome: 'failed_partner',
    advice: 'What the tool says of itself is not as RFC 7591 and LTI Dynamic Registration want it.',
  },
  invalid_redirect_uri: {
    outcome: 'failed_partner',
    advice: 'A redirect URI of the tool is no complete https address.',
  },
  tool_slug_taken: {
    outcome: 'failed_config',
    advice: 'The short name that the tool was invited with was given to another one meanwhile.',
  },
  internal: {
    outcome: 'failed_hub',
    advice: 'The hub failed. The log line with the reference of the try holds the cause.',
  },
} as const;

type Refusal = keyof typeof toolRegistrationRefusals;

const whyClosed: Readonly<Record<Closed, string>> = {
  unknown: 'is not one of this hub',
  used: 'was used already',
  revoked: 'was revoked',
  expired: 'has expired',
  exhausted: 'was tried too often',
  busy: 'is being used at this moment',
};

/**
 * Registers a tool that was invited, and gives it its client_id (RFC 7591 §3; LTI Dynamic Registration 1.0 §3.5).
 *
 * @param authorization the header of the request
 * @throws DomainError unauthenticated `token_missing`, `token_invalid`, input `invalid_client_metadata`, `invalid_redirect_uri`;
 *   after a refusal the token is as good as before
 */
export async function registerInvitedTool(
  services: ToolRegistrationServices,
  input: { authorization: string | undefined; metadata: unknown; reference: string },
): Promise<Record<string, unknown>> {
  const { db, clock, allowLoopback } = services;
  const startedAt = clock.now();
  const attempt = await begin(services, input.authorization);
  const { terms, invitationId } = attempt.invitation;
  const rules = { allowLoopback };
  const host = hostOf(input.metadata);
  const fail = (refusal: Refusal, message: string) =>
    refuse(services, attempt, { refusal, message, host, reference: input.reference, startedAt });

  const reading = readToolMetadata(input.metadata, terms, rules);
  if (!reading.ok) throw await fail(reading.error, reading.description);
  const { slug, presentation } = terms;
  const now = clock.now();
  try {
    const tool = await db.withHub(async (tx) => {
      const settings = { ...reading.tool, slug, presentation };
      const made = await registerTool(tx, settings, rules, attributeTo(invitationId, now));
      const end = { madeId: made.toolId, reference: input.reference, host };
      await succeedAttempt(tx, attempt, end, now);
      return made;
    });
    const { toolId, clientId } = tool;
    services.recordCall({ kind: 'registration', outcome: 'success', reason: null, toolId, startedAt });
    return { client_id: clientId, client_id_issued_at: Math.floor(now / 1000), ...reading.registered };
  } catch (error) {
    if (error instanceof AttemptLost)
      throw await fail('token_invalid', `The registration token was revoked.`);
    const code = error instanceof DomainError ? error.code : undefined;
    const message = error instanceof DomainError ? error.message : '';
    if (code === 'tool_slug_taken') throw await fail('tool_slug_taken', message);
    if (code === 'tool_invalid') throw await fail('invalid_client_metadata', message);
    // The hub itself failed: the next try need not wait. Where not even this can be written, the try's time ends.
    await fail('internal', message).catch(() => undefined);
    throw error;
  }
}

async function begin(
  { db, clock, recordRefusal }: ToolRegistrationServices,
  authorization: string | undefined,
): Promise<OpenAttempt<'tool'>> {
  const token = /^bearer +(\S{1,200}) *$/i.exec(authorization ?? '')?.[1];
  const begun = await db.withHub((tx) => beginAttempt(tx, { token, side: 'tool', now: clock.now() }));
  if (begun.ok) return begun.attempt;
  const reason = token === undefined ? 'token_missing' : 'token_invalid';
  recordRefusal({ kind: 'registration', outcome: 'user_error', reason });
  const message =
    token === undefined
      ? 'Send the registration token in the header "Authorization: Bearer …".'
      : `The registration token ${whyClosed[begun.state]}. Ask the operators of the hub for another one.`;
  throw new DomainError('unauthenticated', reason, message);
}

/** Ends a try in vain, and makes its error. */
async function refuse(
  { db, clock, recordCall }: ToolRegistrationServices,
  attempt: OpenAttempt<'tool'>,
  why: { refusal: Refusal; message: string; host: string | null; reference: string; startedAt: number },
): Promise<DomainError> {
  const { refusal: reason, host, reference, startedAt, message } = why;
  const { outcome } = toolRegistrationRefusals[reason];
  const end = { reference, outcome, reason, host, httpStatus: null };
  await db.withHub((tx) => failAttempt(tx, attempt, end, clock.now()));
  recordCall({ kind: 'registration', outcome, reason, startedAt });
  if (reason === 'token_invalid') return new DomainError('unauthenticated', reason, message);
  // RFC 7591 §3.2.2 has no word for a short name; the tool can do nothing about it.
  const code = reason === 'tool_slug_taken' ? 'invalid_client_metadata' : reason;
  return new DomainError('input', code, message, { details: { reason } });
}

/** Where the tool says it is, for the row of the try. */
function hostOf(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !('initiate_login_uri' in metadata)) return null;
  const { initiate_login_uri: address } = metadata;
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const { host } = new URL(address);
  return host.length > 0 && host.length <= 255 ? host : null;
}
