import { withQuery } from '../address.ts';
import { type Payload, text } from '../claims.ts';

/** What a tool may say to the LMS on the way back (LTI Core §5.4.4); nothing else of its query goes along. */
const messages = ['lti_errormsg', 'lti_msg', 'lti_errorlog', 'lti_log'];

/** The LMS's return address with the tool's messages. */
export function returnAddress(returnUrl: string, query: Payload): string {
  const fields: Record<string, string> = {};
  for (const name of messages) {
    const message = text(query[name], 1_000);
    if (message !== undefined) fields[name] = message;
  }
  return Object.keys(fields).length === 0 ? returnUrl : withQuery(returnUrl, fields);
}
