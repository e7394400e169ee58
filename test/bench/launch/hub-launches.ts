import { randomBytes } from 'node:crypto';
import { compactVerify, createLocalJWKSet, decodeJwt, type JSONWebKeySet } from 'jose';
import { request } from 'undici';
import type { Phase } from '../load/flow.ts';
import { type BenchTenant, toolUrl } from '../world/tenants.ts';
import { browserHeaders, cookiesOf, expectSame, formOf, formType, need, redirectOf } from './browser.ts';
import type { BenchLms } from './lms.ts';
import { claimsOf, clientId, issuer, slugOf, type Visit, visitOf } from './population.ts';

/** A browser that the hub has asked today whether it keeps cookies. */
const checkedCookie = '__Host-ghc=1';

/** A launch through both legs, as far as it has come. */
export interface HubLaunch {
  number: number;
  visit: Visit;
  cookies: string;
  state: string;
  nonce: string;
  /** What the hub's login initiation told the tool, and what the tool adds for itself. */
  loginHint: string;
  messageHint: string;
  toolState: string;
  toolNonce: string;
}

export function startHubLaunch(number: number): HubLaunch {
  const blank = { cookies: '', state: '', nonce: '', loginHint: '', messageHint: '' };
  const own = () => randomBytes(24).toString('base64url');
  return { number, visit: visitOf(number), ...blank, toolState: own(), toolNonce: own() };
}

export interface HubLaunches {
  phases: [login: Phase<HubLaunch>, launch: Phase<HubLaunch>, authorize: Phase<HubLaunch>];
  /** Tokens of the hub whose signature is to be checked; every twentieth is kept. */
  sampled: string[];
}

/** The hub's three requests: login, launch, authorize. Between them stand the LMS and the tool. */
export function hubLaunches(
  hubUrl: string,
  tenants: readonly BenchTenant[],
  lms: Pick<BenchLms, 'authorizeUrl' | 'sign'>,
): HubLaunches {
  const headers = { ...browserHeaders, host: new URL(hubUrl).host };
  const sampled: string[] = [];
  const targetOf = ({ tenant }: Visit) => `${hubUrl}/t/${slugOf(tenant)}/open/sample-tool`;

  const login: Phase<HubLaunch> = {
    name: 'login',
    request: ({ visit }) => {
      const parameters = new URLSearchParams({
        iss: issuer,
        login_hint: visit.person.id,
        lti_message_hint: visit.item.id,
        target_link_uri: targetOf(visit),
        client_id: clientId,
        lti_deployment_id: visit.deploymentId,
      });
      const path = `/t/${slugOf(visit.tenant)}/lti/login?${parameters}`;
      return { method: 'GET', path, headers: { ...headers, cookie: checkedCookie } };
    },
    read: (launch, answer) => {
      const { origin, pathname, searchParams } = redirectOf(answer, 302);
      expectSame('authorize URL', origin + pathname, lms.authorizeUrl);
      expectSame(
        'redirect_uri',
        searchParams.get('redirect_uri'),
        `${hubUrl}/t/${slugOf(launch.visit.tenant)}/lti/launch`,
      );
      expectSame('login_hint', searchParams.get('login_hint'), launch.visit.person.id);
      launch.state = need(searchParams, 'state');
      launch.nonce = need(searchParams, 'nonce');
      launch.cookies = cookiesOf(answer);
    },
  };

  const launch: Phase<HubLaunch> = {
    name: 'launch',
    request: async ({ visit, nonce, state, cookies }) => ({
      method: 'POST',
      path: `/t/${slugOf(visit.tenant)}/lti/launch`,
      headers: { ...headers, ...formType, cookie: cookies },
      body: new URLSearchParams({
        id_token: await lms.sign(claimsOf(visit, targetOf(visit), nonce)),
        state,
      }).toString(),
    }),
    read: (journey, answer) => {
      const { origin, pathname, searchParams } = redirectOf(answer, 303);
      expectSame('login initiation', origin + pathname, `${toolUrl}/login`);
      expectSame('iss', searchParams.get('iss'), hubUrl);
      expectSame(
        'deployment',
        searchParams.get('lti_deployment_id'),
        enabledOf(journey).enablement.deploymentId,
      );
      journey.loginHint = need(searchParams, 'login_hint');
      journey.messageHint = need(searchParams, 'lti_message_hint');
    },
  };

  const enabledOf = ({ visit }: HubLaunch) => tenants[visit.tenant]!.enabled;

  const authorize: Phase<HubLaunch> = {
    name: 'authorize',
    request: (journey) => {
      const parameters = new URLSearchParams({
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: enabledOf(journey).tool.clientId,
        redirect_uri: `${toolUrl}/launch`,
        login_hint: journey.loginHint,
        lti_message_hint: journey.messageHint,
        state: journey.toolState,
        nonce: journey.toolNonce,
      });
      return {
        method: 'GET',
        path: `/platform/authorize?${parameters}`,
        headers: { ...headers, cookie: journey.cookies },
      };
    },
    read: (journey, answer) => {
      expectSame('status', answer.status, 200);
      const { action, fields } = formOf(answer);
      expectSame('form action', action, `${toolUrl}/launch`);
      expectSame('state', fields.get('state'), journey.toolState);
      const token = fields.get('id_token') ?? '';
      const claims = decodeJwt(token);
      const { tool, enablement } = enabledOf(journey);
      expectSame('iss', claims.iss, hubUrl);
      expectSame('aud', claims.aud, tool.clientId);
      expectSame('nonce', claims.nonce, journey.toolNonce);
      expectSame('email', claims.email, journey.visit.person.email);
      expectSame(
        'deployment',
        claims['https://purl.imsglobal.org/spec/lti/claim/deployment_id'],
        enablement.deploymentId,
      );
      if (typeof claims.sub !== 'string') throw new Error('sub is missing');
      if (journey.number % 20 === 0) sampled.push(token);
    },
  };
  return { phases: [login, launch, authorize], sampled };
}

/** Verifies kept tokens against the hub's own key set, fetched as a tool does. */
export async function verifySampled(tokens: string[], origin: string, host: string): Promise<number> {
  const { body } = await request(`${origin}/.well-known/jwks.json`, { headers: { host } });
  const keys = createLocalJWKSet((await body.json()) as JSONWebKeySet);
  for (const token of tokens) await compactVerify(token, keys, { algorithms: ['RS256'] });
  return tokens.length;
}
