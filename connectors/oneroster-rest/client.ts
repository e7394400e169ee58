import {
  type ConnectorContext,
  ConnectorError,
  type ConnectorRequest,
  type ConnectorResponse,
} from '../../contracts/connector.ts';
import { readDate } from './answer.ts';
import type { Area } from './areas.ts';
import { limits } from './limits.ts';
import { authorize, type Credentials } from './oauth1.ts';
import { type Access, readAccess, type Settings } from './settings.ts';
import { createTokens } from './tokens.ts';

export interface Outside {
  readonly context: ConnectorContext<Settings>;
  readonly access: Access;
}

/** Calls of one run or check. */
export interface Client extends Outside {
  /**
   * Any answer that the host lets through: what it means is for the caller.
   *
   * @throws ConnectorError `unavailable`; `settings` and `refused` where no token is to be had
   */
  get(area: Area, url: string): Promise<ConnectorResponse>;
  /** How many pages are asked for at once: fewer where the source has failed at that. */
  readonly pace: { abreast: number };
}

/** Tries of a call whose proof is refused. */
const mostTries = 3;

/** One for all that a run reads, so that the source is asked for one token and not for one with each list. */
const clients = new WeakMap<ConnectorContext<Settings>, Client>();

/** @throws ConnectorError `settings` */
export function clientOf(context: ConnectorContext<Settings>): Client {
  const known = clients.get(context) ?? createClient(context);
  clients.set(context, known);
  return known;
}

function createClient(context: ConnectorContext<Settings>): Client {
  const outside = { context, access: readAccess(context.settings) };
  const signIn = createSignIn(outside);
  return {
    ...outside,
    pace: { abreast: limits.concurrency },
    async get(area, url) {
      for (let tries = 1; ; tries++) {
        const proof = await signIn(area);
        const response = await call(outside, area, url, proof);
        // A token may end before its time, or while a call waits for its turn, and clocks differ; a further refusal is meant.
        if (response.status !== 401 || tries === mostTries || !proof.renew(response)) return response;
      }
    },
  };
}

async function call({ context, access }: Outside, area: Area, url: string, { headers, sign }: Proof) {
  const { partnerKey } = context.settings;
  const { gradebookHeader } = access.vendor;
  const isPartner = area === 'gradebook' && gradebookHeader !== undefined && partnerKey !== undefined;
  const partner = isPartner ? { [gradebookHeader]: partnerKey } : {};
  return context.fetch({ url, headers: { accept: 'application/json', ...headers, ...partner }, sign });
}

/** What a call shows to be let in. */
interface Proof extends Pick<ConnectorRequest, 'headers' | 'sign'> {
  /** Whether the call is worth another try with another proof. Calls under way together may each be refused. */
  renew(refusal: ConnectorResponse): boolean;
}
type SignIn = (area: Area) => Promise<Proof>;

function createSignIn(outside: Outside): SignIn {
  const { context, access } = outside;
  const { settings } = context;
  if (settings.auth === 'token') {
    const headers = { authorization: `Bearer ${settings.clientSecret}` };
    return async () => ({ headers, renew: () => false });
  }
  if (access.tokenUrl === undefined) return createSigning(context);
  const tokens = createTokens(outside, access.tokenUrl);
  return async (area) => {
    const token = await tokens.get(area);
    const { value, cookies } = token;
    return {
      headers: { authorization: `Bearer ${value}`, ...(cookies !== undefined && { cookie: cookies }) },
      renew() {
        tokens.forget(area, token);
        return true;
      },
    };
  };
}

/** Signed calls of 1.1. A signature counts for some minutes only (RFC 5849 §3.3), by the source's clock. */
function createSigning({ settings, now }: ConnectorContext<Settings>): SignIn {
  const method: Credentials['method'] = settings.auth === 'oauth1-sha1' ? 'HMAC-SHA1' : 'HMAC-SHA256';
  const credentials = { key: settings.clientId, secret: settings.clientSecret, method };
  let ahead = 0;
  return async () => {
    const used = ahead;
    return {
      sign: async (request: { method: string; url: string }) => ({
        authorization: authorize(request, credentials, now() + used),
      }),
      renew(refusal) {
        const difference = (readDate(refusal) ?? now()) - now();
        const isOff = Math.abs(difference - used) > 60_000;
        if (isOff) ahead = difference;
        return isOff;
      },
    };
  };
}

/** What an answer means that is no data, for an area without which there is no roster. */
export function toError({ access }: Client, { status }: ConnectorResponse): ConnectorError {
  if (status === 429 || status >= 500) {
    const words = 'The source is busy or fails. The run goes on later.';
    return new ConnectorError('unavailable', 'source_down', words, { cause: new Error(`status ${status}`) });
  }
  switch (status) {
    case 401:
      return new ConnectorError(
        'settings',
        'credentials_refused',
        'The source refuses the credentials. Enter the client id and secret anew, as the product shows them.',
      );
    case 403:
      return new ConnectorError(
        'refused',
        'access_refused',
        'The source knows the hub and does not let it read rosters. Allow it where the product keeps its credentials.',
      );
    case 404:
      return new ConnectorError(
        'settings',
        'endpoint_not_found',
        `There is no OneRoster ${access.version} at the address. Check the address and the version.`,
      );
    default:
      return new ConnectorError(
        'answer_invalid',
        'request_refused',
        `The source does not understand the hub's question (status ${status}). Ask the product's support.`,
      );
  }
}
