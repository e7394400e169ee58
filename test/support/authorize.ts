import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { type Answer, send } from '../demo/support/user-agent.ts';
import type { HubCopy, HubWorld } from './hub.ts';
import { answerLogin, type LaunchChoice, postLaunch, toCopy } from './launch.ts';
import { readForms } from './pages.ts';

/** The hub's login initiation as a tool receives it, and the cookies of the browser that brings it. */
export interface ToolLogin {
  initiation: Record<string, string>;
  cookies: string[];
}

/** A launch as far as the tool's login. */
export async function reachTool(world: HubWorld, choice: LaunchChoice = {}): Promise<ToolLogin> {
  const answered = await answerLogin(world, choice);
  const { location, status } = await postLaunch(world, answered);
  if (location === undefined) throw new Error(`The launch did not go on: ${status}`);
  return { initiation: Object.fromEntries(new URL(location).searchParams), cookies: answered.cookies };
}

/** The authentication request a tool makes of it; a change to undefined leaves a parameter out. */
export function authenticationRequest(
  world: HubWorld,
  { initiation }: Pick<ToolLogin, 'initiation'>,
  changes: Record<string, string | undefined> = {},
): Record<string, string> {
  const request = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: initiation.client_id,
    redirect_uri: world.tool.redirectUris[0],
    login_hint: initiation.login_hint,
    lti_message_hint: initiation.lti_message_hint,
    state: 'state of the tool',
    nonce: 'nonce of the tool',
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(request).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Sends an authentication request to the hub, by GET unless told otherwise. */
export function sendAuthorize(
  world: HubWorld,
  request: Record<string, string>,
  options: {
    cookies?: string[];
    copy?: HubCopy;
    method?: 'GET' | 'HEAD' | 'POST';
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const { cookies = [], copy, method = 'GET', headers = {} } = options;
  const url = toCopy(world, `${world.hubUrl}/platform/authorize`, copy);
  if (method === 'POST') return send(url, { form: request, cookies, headers });
  return send(`${url}?${new URLSearchParams(request)}`, {
    cookies,
    headers,
    ...(method === 'HEAD' && { method }),
  });
}

/** What the hub's answer posts, and where. */
export function readPosted(answer: Answer): { action: string; fields: Record<string, string> } {
  const [form] = readForms(answer.body);
  if (form === undefined) throw new Error(`The answer posts nothing: ${answer.status}`);
  return form;
}

/** The claims of a token, proven with the keys the hub publishes. */
export async function verifyToken(world: HubWorld, token: string): Promise<JWTPayload> {
  const { body } = await send(`${world.hubUrl}/.well-known/jwks.json`);
  const keys = createLocalJWKSet(JSON.parse(body) as JSONWebKeySet);
  const currentDate = new Date(world.clock.now());
  return (await jwtVerify(token, keys, { algorithms: ['RS256'], currentDate })).payload;
}

/** Opens a tool and gives the claims it was told. */
export async function claimsToldTo(world: HubWorld, choice: LaunchChoice = {}): Promise<JWTPayload> {
  const login = await reachTool(world, choice);
  const request = authenticationRequest(world, login);
  const answer = await sendAuthorize(world, request, { cookies: login.cookies });
  return verifyToken(world, String(readPosted(answer).fields.id_token));
}
