import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { claim } from '../../../src/lti/claims.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { updateTool } from '../../../src/tools/tools.ts';
import { type Answer, send } from '../../demo/support/user-agent.ts';
import {
  authenticationRequest,
  reachTool,
  readPosted,
  sendAuthorize,
  type ToolLogin,
  verifyToken,
} from '../../support/authorize.ts';
import type { TestDatabase } from '../../support/database.ts';
import { by, type HubWorld } from '../../support/hub.ts';
import { type LaunchChoice, toCopy } from '../../support/launch.ts';
import { loopbackAllowed } from '../../support/registrations.ts';

/** Where the LMS of the tests wants choices. */
export const lmsReturnUrl = 'https://lms.example/content?course=7';

/** What the LMS asks for unless a test says otherwise. */
export const lmsSettings = {
  deep_link_return_url: lmsReturnUrl,
  accept_types: ['ltiResourceLink', 'link', 'file', 'html', 'image'],
  accept_presentation_document_targets: ['iframe', 'window', 'embed'],
  accept_multiple: true,
  data: 'csrf:of the LMS; unaltered & ünchanged',
};

/** Makes a launch of the simulated LMS into a request for content (Deep Linking 2.0 §4.4). */
export function askingForContent(
  settings: Record<string, unknown> | null = {},
  changes: Record<string, unknown> = {},
): Tampering {
  return {
    claims: ({ [ltiClaim('resource_link')]: _link, ...claims }) => ({
      ...claims,
      [ltiClaim('message_type')]: 'LtiDeepLinkingRequest',
      ...(settings !== null && { [claim.deepLinkingSettings]: { ...lmsSettings, ...settings } }),
      ...changes,
    }),
  };
}

/** A tool of the tests, with a key of its own. */
export interface SigningTool {
  tool: Tool;
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

/** Gives a tool a pasted key set. Call it before the first launch. */
export async function giveKeys({ database }: TestDatabase, tool: Tool): Promise<SigningTool> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'tool-key', alg: 'RS256', use: 'sig' }] };
  const changed = await database.withHub((tx) =>
    updateTool(tx, tool.toolId, { jwks: jwks as JSONWebKeySet }, loopbackAllowed, by()),
  );
  return {
    tool: changed,
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'tool-key', ...header }).sign(privateKey),
  };
}

/** What a tool was asked, and the cookies of the browser that was in it. */
export interface Asked {
  claims: JWTPayload;
  settings: Record<string, unknown>;
  login: ToolLogin;
  cookies: string[];
  authorized: Answer;
}

/** A request for content as far as the tool. */
export async function askTool(world: HubWorld, choice: LaunchChoice = {}): Promise<Asked> {
  const login = await reachTool(world, { person: 'ns-okafor', tampering: askingForContent(), ...choice });
  return finishAsking(world, login);
}

export async function finishAsking(world: HubWorld, login: ToolLogin): Promise<Asked> {
  const request = authenticationRequest(world, login);
  const authorized = await sendAuthorize(world, request, { cookies: login.cookies });
  const claims = await verifyToken(world, String(readPosted(authorized).fields.id_token));
  const settings = claims[claim.deepLinkingSettings] as Record<string, unknown>;
  return { claims, settings, login, cookies: login.cookies, authorized };
}

let made = 0;

/** The claims of a good answer, with changes; a change to undefined leaves a claim out. */
export function answerClaims(
  world: HubWorld,
  { claims, settings }: Pick<Asked, 'claims' | 'settings'>,
  items: readonly unknown[],
  changes: Record<string, unknown> = {},
): JWTPayload {
  made += 1;
  const seconds = Math.floor(world.clock.now() / 1000);
  const all = {
    iss: claims.aud,
    aud: claims.iss,
    iat: seconds,
    exp: seconds + 60,
    nonce: `nonce-${made}`,
    [claim.messageType]: 'LtiDeepLinkingResponse',
    [claim.version]: '1.3.0',
    [claim.deploymentId]: claims[claim.deploymentId],
    [claim.contentItems]: items,
    [claim.deepLinkingData]: settings.data,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JWTPayload;
}

/** Brings a tool's answer to the hub, as the browser does. */
export function postAnswer(
  world: HubWorld,
  { settings, cookies }: Pick<Asked, 'settings' | 'cookies'>,
  jwt: string,
  options: { cookies?: string[]; headers?: Record<string, string>; fields?: Record<string, string> } = {},
): Promise<Answer> {
  return send(toCopy(world, String(settings.deep_link_return_url)), {
    form: { JWT: jwt, ...options.fields },
    cookies: options.cookies ?? cookies,
    ...(options.headers && { headers: options.headers }),
  });
}

/** What the hub sends on to the LMS: where, and the claims, proven with the hub's keys. */
export async function readSentOn(
  world: HubWorld,
  answer: Answer,
): Promise<{ action: string; claims: JWTPayload; items: Record<string, unknown>[] }> {
  const { action, fields } = readPosted(answer);
  const { body } = await send(`${world.hubUrl}/.well-known/jwks.json`);
  const keys = createLocalJWKSet(JSON.parse(body) as JSONWebKeySet);
  const { payload } = await jwtVerify(String(fields.JWT), keys, {
    algorithms: ['RS256'],
    issuer: world.clientId,
    audience: world.lms.issuer,
    currentDate: new Date(world.clock.now()),
  });
  return { action, claims: payload, items: payload[claim.contentItems] as Record<string, unknown>[] };
}

/** Asks a tool, and takes its answer to the LMS. */
export async function choose(
  world: HubWorld,
  signing: SigningTool,
  items: readonly unknown[],
  options: { choice?: LaunchChoice; changes?: Record<string, unknown> } = {},
) {
  const asked = await askTool(world, options.choice);
  const jwt = await signing.sign(answerClaims(world, asked, items, options.changes));
  const answer = await postAnswer(world, asked, jwt);
  return { asked, answer };
}
