import { send } from './user-agent.ts';

const teachers = { northside: 'ns-okafor', riverbend: 'rb-larsen' } as const;

/** Cookies of a browser whose visitor is the school's teacher, who looks after its tools. */
export async function teacherOf(lmsUrl: string, school: keyof typeof teachers): Promise<string[]> {
  const course = `${lmsUrl}/schools/${school}`;
  const { setCookies: cookies } = await send(course);
  await send(`${course}/act-as`, { form: { person: teachers[school] }, cookies });
  return cookies;
}

/** Enters a registration link at the LMS. @returns what its frame opens */
export async function addByLink(
  lmsUrl: string,
  cookies: readonly string[],
  link: string,
  school: keyof typeof teachers = 'northside',
): Promise<string> {
  const { body } = await send(`${lmsUrl}/schools/${school}/tools/add`, { form: { url: link }, cookies });
  const source = /<iframe name="registering" src="([^"]*)"/.exec(body)?.[1];
  if (source === undefined) throw new Error(`The LMS opens no frame: ${body}`);
  return source.replaceAll('&amp;', '&');
}
