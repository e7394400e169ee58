import { z } from 'zod';
import { ConnectorError, type ConnectorResponse } from '../../contracts/connector.ts';
import type { Area } from './areas.ts';
import { scopesOf } from './areas.ts';
import type { Outside } from './client.ts';
import { cookiesOf } from './cookies.ts';

export interface Token {
  readonly value: string;
  readonly cookies: string | undefined;
}

/** Access tokens of one run or check, one for each area. */
export interface Tokens {
  get(area: Area): Promise<Token>;
  /** The source has refused this one: the next `get` gives another. */
  forget(area: Area, refused: Token): void;
}

interface Held {
  readonly token: Token;
  /** Used up to then, in unix milliseconds: a little before its end, which could come while a call is on its way. */
  readonly until: number;
}

/** RFC 6749 §5.1. */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});
/** RFC 6749 §5.2. */
const Refusal = z.object({ error: z.string() });

/** Seconds that a token lives where the answer does not say. */
const usualLifetime = 3600;
/** Seconds before its end from which a token is not used, or half of its life. */
const margin = 30;

/** Client credentials (RFC 6749 §4.4), as the Security Framework 1.1 §4.1 has them. */
export function createTokens(outside: Outside, tokenUrl: string): Tokens {
  const held = new Map<Area, Held>();
  /** Asked for once, however many calls wait for it: some sources let one token count at a time. */
  const underWay = new Map<Area, Promise<Held>>();

  async function renew(area: Area): Promise<Held> {
    const asking = underWay.get(area) ?? askForToken(outside, tokenUrl, area);
    underWay.set(area, asking);
    const fresh = await asking.finally(() => underWay.delete(area));
    held.set(area, fresh);
    return fresh;
  }

  return {
    async get(area) {
      const found = held.get(area);
      const isGood = found !== undefined && found.until > outside.context.now();
      return (isGood ? found : await renew(area)).token;
    },
    forget(area, refused) {
      if (held.get(area)?.token === refused) held.delete(area);
    },
  };
}

async function askForToken(outside: Outside, tokenUrl: string, area: Area): Promise<Held> {
  const { context, access } = outside;
  const { settings } = context;
  const asked =
    settings.scopes === undefined
      ? scopesOf(access, area)
      : [settings.scopes.trim()].filter((one) => one !== '');
  // From much to little: some sources refuse all where one scope is not granted.
  for (const scope of [...asked, ...(asked.length === 0 ? [undefined] : [])]) {
    const response = await post(outside, tokenUrl, scope);
    if (response.status === 200 || response.status === 201) return readToken(outside, response);
    if (refusal(response) !== 'invalid_scope') throw tokenRefused(response);
  }
  throw new ConnectorError(
    'refused',
    'scope_refused',
    `The source grants the hub no scope for ${area}. Allow it where the product keeps the hub's credentials.`,
  );
}

function post(
  { context, access }: Outside,
  url: string,
  scope: string | undefined,
): Promise<ConnectorResponse> {
  const { clientId, clientSecret } = context.settings;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (access.vendor.tokenAuth === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  } else {
    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    const pair = [clientId, clientSecret]
      .map((part) => new URLSearchParams({ a: part }).toString().slice(2))
      .join(':');
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return context.fetch({ url, method: 'POST', headers, body: form.toString(), maxBytes: 1024 * 1024 });
}

function readToken({ context, access }: Outside, response: ConnectorResponse): Held {
  const answer = TokenAnswer.safeParse(response.json());
  if (!answer.success) {
    throw new ConnectorError(
      'answer_invalid',
      'token_answer_wrong',
      'The token address answers without a bearer token. Check that it is the one the product shows.',
    );
  }
  const { access_token: value, expires_in: seconds = usualLifetime } = answer.data;
  const cookies = access.vendor.keepsCookies ? cookiesOf(response.headers['set-cookie']) : undefined;
  const usable = seconds - Math.min(margin, seconds / 2);
  return { token: { value, cookies }, until: context.now() + usable * 1000 };
}

function refusal(response: ConnectorResponse): string | undefined {
  try {
    const answer = Refusal.safeParse(response.json());
    return answer.success ? answer.data.error : undefined;
  } catch {
    return undefined;
  }
}

function tokenRefused(response: ConnectorResponse): ConnectorError {
  const { status } = response;
  if (status === 429 || status >= 500) {
    return new ConnectorError(
      'unavailable',
      'token_unavailable',
      'The token address is busy or down. It is tried again later.',
    );
  }
  if (status === 404 || status === 405) {
    return new ConnectorError(
      'settings',
      'token_url_wrong',
      'There is no token endpoint at the token address. Correct it.',
    );
  }
  return new ConnectorError(
    'settings',
    'credentials_refused',
    'The source refuses the client id or secret. Enter them anew, as the product shows them.',
  );
}
