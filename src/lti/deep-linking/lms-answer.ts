import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { RegistrationFields } from '../../connections/registration.ts';
import { defined } from '../../platform/defined.ts';
import { claim, type Payload } from '../claims.ts';
import type { AnswerMessages } from './check-answer.ts';
import type { DeepLinkingSettings } from './settings.ts';

/** How long the LMS may take to read it, in seconds. */
const lifetime = 300;
/** Some LMSs refuse an `iat` that lies ahead by a moment only. */
const clockSkew = 10;

const nothing: AnswerMessages = {
  message: undefined,
  log: undefined,
  error: undefined,
  errorLog: undefined,
};

/** What the hub says to the LMS, as its tool (Deep Linking 2.0 §4.5; Security Framework 1.0 §5.2.2). */
export function lmsAnswer(
  to: {
    registration: Pick<RegistrationFields, 'issuer' | 'clientId'>;
    deploymentId: string;
    settings: Pick<DeepLinkingSettings, 'data'>;
  },
  content: { items: readonly Payload[]; messages?: AnswerMessages },
  now: number,
): JWTPayload {
  const { registration, deploymentId, settings } = to;
  const { message, log, error, errorLog } = content.messages ?? nothing;
  const seconds = Math.floor(now / 1000);
  return defined<Record<string, unknown>>({
    iss: registration.clientId,
    aud: registration.issuer,
    iat: seconds - clockSkew,
    exp: seconds + lifetime,
    nonce: randomUUID(),
    [claim.messageType]: 'LtiDeepLinkingResponse',
    [claim.version]: '1.3.0',
    [claim.deploymentId]: deploymentId,
    [claim.contentItems]: content.items,
    // §4.5.4: unchanged.
    [claim.deepLinkingData]: settings.data,
    [claim.deepLinkingMessage]: message,
    [claim.deepLinkingLog]: log,
    [claim.deepLinkingError]: error,
    [claim.deepLinkingErrorLog]: errorLog,
  });
}
