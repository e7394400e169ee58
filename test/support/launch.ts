import type { Tampering } from '../../src/demo/lms/tampering.ts';
import { type Answer, readForm, send } from '../demo/support/user-agent.ts';
import type { HubCopy, HubWorld } from './hub.ts';

/** A launch that has come as far as the platform's answer: what the browser would post to the hub. */
export interface AnsweredLogin {
  /** The hub's launch URL, and id_token and state. */
  action: string;
  fields: Record<string, string>;
  cookies: string[];
}

export interface LaunchChoice {
  person?: string;
  link?: string;
  tampering?: Tampering;
  /** Which copy of the hub answers the login. */
  copy?: HubCopy;
}

/** Sends a request for the hub's base URL to one of its copies. */
export function toCopy(world: HubWorld, url: string, copy: HubCopy = world.first): string {
  return url.startsWith(world.hubUrl) ? copy.origin + url.slice(world.hubUrl.length) : url;
}

/** Login at the hub and answer of the LMS, as a browser goes through them. */
export async function answerLogin(world: HubWorld, choice: LaunchChoice = {}): Promise<AnsweredLogin> {
  const { person = 'ns-nwosu', link = 'ns-cell-lab', tampering, copy } = choice;
  const login = world.lms.startLogin({ person, link, ...(tampering && { tampering }) });
  const initiated = await send(toCopy(world, login.getUrl, copy));
  if (initiated.location === undefined) throw new Error(`The login did not redirect: ${initiated.status}`);
  const answered = await send(initiated.location);
  return { ...readForm(answered.body), cookies: initiated.setCookies };
}

/** Posts the platform's answer to the hub, with the cookies of its login unless told otherwise. */
export function postLaunch(
  world: HubWorld,
  answered: AnsweredLogin,
  options: { copy?: HubCopy; cookies?: string[]; fields?: Record<string, string>; action?: string } = {},
): Promise<Answer> {
  return send(toCopy(world, options.action ?? answered.action, options.copy), {
    form: { ...answered.fields, ...options.fields },
    cookies: options.cookies ?? answered.cookies,
  });
}

/** Follows the hub's reply through the tool's login and the hub's authorize to the tool's page. */
export async function openTool(world: HubWorld, launched: Answer, cookies: string[]): Promise<Answer> {
  if (launched.location === undefined) throw new Error(`The launch did not redirect: ${launched.status}`);
  const toolLogin = await send(launched.location);
  const authorized = await send(toCopy(world, String(toolLogin.location)), { cookies });
  const form = readForm(authorized.body);
  return send(form.action, { form: form.fields, cookies: toolLogin.setCookies });
}
