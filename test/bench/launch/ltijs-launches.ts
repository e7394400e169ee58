import { opaqueId } from '../../../src/demo/lms/claims.ts';
import type { Phase } from '../load/flow.ts';
import { browserHeaders, cookiesOf, expectSame, formType, need, redirectOf } from './browser.ts';
import type { BenchLms } from './lms.ts';
import { claimsOf, clientId, issuer, type Visit, visitOf } from './population.ts';

/** A launch of the one leg that ltijs does, as far as it has come. */
export interface LtijsLaunch {
  visit: Visit;
  cookies: string;
  state: string;
  nonce: string;
  page: string;
}

export function startLtijsLaunch(number: number): LtijsLaunch {
  return { visit: visitOf(number), cookies: '', state: '', nonce: '', page: '' };
}

const toolUrl = 'https://ltijs.example';
const headers = { ...browserHeaders, host: 'ltijs.example' };

/** The three requests of ltijs: login, launch, and the page it redirects to. */
export function ltijsLaunches(lms: BenchLms): Phase<LtijsLaunch>[] {
  const login: Phase<LtijsLaunch> = {
    name: 'login',
    request: ({ visit }) => {
      const parameters = new URLSearchParams({
        iss: issuer,
        login_hint: visit.person.id,
        lti_message_hint: visit.item.id,
        target_link_uri: `${toolUrl}/`,
        client_id: clientId,
        lti_deployment_id: visit.deploymentId,
      });
      return { method: 'GET', path: `/login?${parameters}`, headers };
    },
    read: (launch, answer) => {
      const { origin, pathname, searchParams } = redirectOf(answer, 302);
      expectSame('authorize URL', origin + pathname, lms.authorizeUrl);
      expectSame('login_hint', searchParams.get('login_hint'), launch.visit.person.id);
      launch.state = need(searchParams, 'state');
      launch.nonce = need(searchParams, 'nonce');
      launch.cookies = cookiesOf(answer);
    },
  };

  const launch: Phase<LtijsLaunch> = {
    name: 'launch',
    request: async ({ visit, nonce, state, cookies }) => ({
      method: 'POST',
      path: '/',
      headers: { ...headers, ...formType, cookie: cookies },
      body: new URLSearchParams({
        id_token: await lms.sign(claimsOf(visit, `${toolUrl}/`, nonce)),
        state,
      }).toString(),
    }),
    read: (journey, answer) => {
      const { pathname, search, searchParams } = redirectOf(answer, 302);
      need(searchParams, 'ltik');
      journey.page = pathname + search;
      journey.cookies = cookiesOf(answer);
    },
  };

  const page: Phase<LtijsLaunch> = {
    name: 'page',
    request: ({ page: path, cookies }) => ({ method: 'GET', path, headers: { ...headers, cookie: cookies } }),
    read: ({ visit }, answer) => {
      expectSame('status', answer.status, 200);
      const { person, deploymentId } = visit;
      const greeting = `<p>Hello ${person.givenName} ${person.familyName} <span>${opaqueId('sub', person.id)}</span> <span>${deploymentId}</span></p>`;
      expectSame('page', answer.body, greeting);
    },
  };
  return [login, launch, page];
}
