import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';
import type { HubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import type { LaunchFacts } from './messages.ts';
import { ltijsLink } from './peer.ts';

export type SchoolSlug = 'northside' | 'riverbend';

/** What a browser would post to ltijs at the end of a launch, with its cookies. */
export interface Arrival {
  action: string;
  fields: Record<string, string>;
  cookies: string[];
}

/** What a browser has of ltijs once a launch is over. */
export interface Session {
  /** Address of the page it is sent on to, with the session's `ltik`. */
  page: string;
  cookies: string[];
}

/** A launch through the hub, as far as ltijs. */
export async function launchTo(world: HubWorld, person: string, school: SchoolSlug): Promise<Arrival> {
  const answered = await answerLogin(world, { person, link: ltijsLink(school) });
  const launched = await postLaunch(world, answered);
  const login = await send(String(launched.location));
  const authorized = await send(String(login.location), { cookies: answered.cookies });
  return { ...readForm(authorized.body), cookies: login.setCookies };
}

export function postArrival({ action, fields, cookies }: Arrival): Promise<Answer> {
  return send(action, { form: fields, cookies });
}

/** ltijs answers a launch with a session cookie and sends the browser on to its page. */
export async function openSession(world: HubWorld, person: string, school: SchoolSlug): Promise<Session> {
  const arrival = await launchTo(world, person, school);
  const posted = await postArrival(arrival);
  if (posted.location === undefined) throw new Error(`ltijs took no launch: ${posted.body}`);
  return { page: new URL(posted.location, arrival.action).href, cookies: posted.setCookies };
}

/** What ltijs made of the launch. */
export async function readFacts({ page, cookies }: Session): Promise<LaunchFacts> {
  const { body } = await send(page, { cookies });
  const text = /<pre>(.*)<\/pre>/.exec(body)?.[1];
  if (text === undefined) throw new Error(`not the page of a launch: ${body}`);
  return JSON.parse(text) as LaunchFacts;
}
