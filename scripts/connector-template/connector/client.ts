import { z } from 'zod';
import {
  type ConnectorContext,
  ConnectorError,
  type ConnectorResponse,
  type Page,
  type ReadRequest,
  type Seal,
} from '../../../contracts/connector.ts';
import { mapRow } from './map.ts';
import type { Settings } from './settings.ts';

const SourceRecord = z.looseObject({ id: z.string().min(1) });
const About = z.object({ product: z.string(), readable: z.array(z.string()) });
const Progress = z.object({ after: z.string().optional(), startedAt: z.number() });

/** The next delta reaches back this far before the start of this read: clocks and transactions overlap. */
const overlapMs = 5 * 60_000;
/** How often a page that has come before is asked for again. */
const mostRepeats = 3;

/** All calls of the source. */
export function createClient(context: ConnectorContext<Settings>) {
  const base = context.settings.baseUrl.replace(/\/$/, '');

  async function get(path: string, query: Readonly<Record<string, string>> = {}): Promise<ConnectorResponse> {
    const response = await context.fetch({
      url: `${base}/${path}?${new URLSearchParams(query)}`,
      headers: { authorization: `Bearer ${context.settings.token}` },
    });
    if (response.status !== 200) throw toError(response.status);
    return response;
  }

  return {
    async getAbout() {
      return parse(About, (await get('about')).json());
    },
    /** One page of a collection in the order of ids, after the one named. */
    async getPage(collection: string, query: Readonly<Record<string, string>>) {
      const response = await get(collection, query);
      // Anything but the collection's own list is a failure, never "no records".
      const envelope = z.object({ [collection]: z.array(SourceRecord), total: z.number().optional() });
      const answer = parse(envelope, response.json());
      return {
        records: z.array(SourceRecord).parse(answer[collection]),
        total: typeof answer.total === 'number' ? answer.total : undefined,
        sourceTime: Date.parse(response.headers.date ?? ''),
      };
    },
  };
}

/** Reads a collection to its end, and seals it. Pages follow ids, so that rows that come and go move no others. */
export async function* readPages(
  context: ConnectorContext<Settings>,
  { entity, mode, state, resumes }: ReadRequest,
): AsyncGenerator<Page | Seal> {
  const client = createClient(context);
  const from = resumes && state !== undefined ? Progress.parse(JSON.parse(state)) : undefined;
  const since: Record<string, string> =
    mode === 'delta' && state !== undefined && !resumes ? { since: state } : {};
  let { after, startedAt } = from ?? { after: undefined, startedAt: undefined };
  let total: number | undefined;
  for (let repeats = 0; ; ) {
    const position: Record<string, string> = after === undefined ? {} : { after };
    const limit = String(context.settings.pageSize);
    const page = await client.getPage(entity, { limit, ...since, ...position });
    // The source's own clock at the start, since it is the source that compares (a missing Date means the hub's, less a day).
    startedAt ??= Number.isNaN(page.sourceTime) ? context.now() - 86_400_000 : page.sourceTime;
    total = page.total;
    // A short page is not the end: sources cut the limit. An empty one is.
    if (page.records.length === 0) break;
    const last = after;
    const fresh = page.records.filter(({ id }) => last === undefined || id > last);
    if (fresh.length === 0) {
      repeats += 1;
      if (repeats > mostRepeats) throw repeated();
      continue;
    }
    repeats = 0;
    after = fresh.at(-1)?.id;
    yield {
      kind: 'page',
      part: last === undefined ? entity : `${entity}?after=${last}`,
      first: 1,
      rows: fresh.map((record) => mapRow(entity, record)),
      checkpoint: mode === 'full' ? JSON.stringify({ after, startedAt }) : undefined,
    };
  }
  yield {
    kind: 'seal',
    expected: mode === 'full' ? total : undefined,
    state: new Date((startedAt ?? context.now()) - overlapMs).toISOString(),
  };
}

function parse<Type>(schema: z.ZodType<Type>, answer: unknown): Type {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new ConnectorError(
    'answer_invalid',
    'envelope_wrong',
    'The source answers in a form that the hub does not know. Check the address.',
  );
}

function toError(status: number): ConnectorError {
  if (status === 401) {
    return new ConnectorError(
      'settings',
      'token_refused',
      'The source refuses the access token. Enter it anew.',
    );
  }
  if (status === 403) {
    return new ConnectorError(
      'refused',
      'access_refused',
      'The source does not let this token read rosters.',
    );
  }
  if (status === 404) {
    return new ConnectorError(
      'settings',
      'endpoint_not_found',
      'There is no such source at the address. Check it.',
    );
  }
  return new ConnectorError('unavailable', 'source_failed', `The source answers with status ${status}.`);
}

function repeated(): ConnectorError {
  return new ConnectorError(
    'answer_invalid',
    'page_repeated',
    'The source gives the same page again and again.',
  );
}
