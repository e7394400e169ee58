import type { Children } from '../process/parent.ts';

export interface SisSettings {
  /** Of the large district. */
  scale: number;
  /** The most rows of an answer. */
  pageRows: number;
  /** What its database takes for a page. */
  pageMs: number;
}

export const sisConsumer = { clientId: 'hub', clientSecret: 'bench' };

/** The collections that the hub reads, by the service of OneRoster 1.2; the gradebook's are empty. */
const lists = {
  rostering: ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments'],
  gradebook: ['categories', 'lineItems', 'results'],
};
const scopes = ['roster-core.readonly', 'roster.readonly', 'gradebook.readonly'];

/** A simulated student information system in a process of its own, and how long it takes to give all it has. */
export interface Sis {
  baseUrl: string;
  /**
   * Reads every page of every list as the hub has to, one after the other, and throws it away.
   *
   * @returns seconds, and what came
   */
  page(): Promise<{ seconds: number; pages: number; bytes: number }>;
}

export async function startSis(children: Children, settings: SisSettings): Promise<Sis> {
  const child = children.start(new URL('./sis-process.ts', import.meta.url));
  const { baseUrl } = await child.ask<{ baseUrl: string }>('open', settings);
  return {
    baseUrl,
    page: async () => {
      const start = performance.now();
      const headers = { authorization: `Bearer ${await fetchToken(baseUrl)}` };
      const done = { pages: 0, bytes: 0 };
      const named = Object.entries(lists).flatMap(([service, names]) =>
        names.map((list) => ({ service, list })),
      );
      for (const { service, list } of named) {
        const address = `${baseUrl}/ims/oneroster/${service}/v1p2/${list}?sort=sourcedId&limit=${settings.pageRows}`;
        for (let offset = 0, total = 1; offset < total; offset += settings.pageRows) {
          const response = await fetch(`${address}&offset=${offset}`, { headers });
          if (!response.ok) throw new Error(`The simulated system answered ${response.status} for ${list}.`);
          total = Number(response.headers.get('x-total-count'));
          done.bytes += (await response.arrayBuffer()).byteLength;
          done.pages += 1;
        }
      }
      return { seconds: (performance.now() - start) / 1000, ...done };
    },
  };
}

async function fetchToken(baseUrl: string): Promise<string> {
  const scope = scopes.map((name) => `https://purl.imsglobal.org/spec/or/v1p2/scope/${name}`).join(' ');
  const { clientId, clientSecret } = sisConsumer;
  const response = await fetch(`${baseUrl}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
