import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '../random.ts';
import { chooseFault, type FaultKind, type FaultPlan, noFaults } from './faults.ts';
import type { Gradebook, Policy } from './gradebook.ts';
import { createHold, type Hold } from './hold.ts';
import { json, misbehave } from './misbehave.ts';
import { type ScoreBody, serialMember } from './score-body.ts';
import type { LmsTokens } from './tokens.ts';

/** One school's part of the LMS. */
export interface LmsSchool {
  slug: string;
  policy: Policy;
  clientId: string;
  gradebook: Gradebook;
}

export interface LmsServer {
  port: number;
  hold: Hold;
  /** Answered requests and dealt-out faults, by name. */
  counts: Map<string, number>;
  plan(plan: FaultPlan): void;
  /** Nothing listens any more, and every connection breaks. */
  down(): Promise<void>;
  up(): Promise<void>;
}

const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const scoreType = 'application/vnd.ims.lis.v1.score+json';
const resultsType = 'application/vnd.ims.lis.v2.resultcontainer+json';

/** The LMS's services: tokens (Security Framework §4.1), scores and results (AGS 2.0 §3.3, §3.4), and its faults. */
export async function startLmsServer(
  schools: readonly LmsSchool[],
  tokens: LmsTokens,
  random: Random,
): Promise<LmsServer> {
  let current = noFaults;
  const times = new Map<number, number>();
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const hold = createHold();

  const draw = (serial?: number): FaultKind | undefined => {
    if (serial !== undefined) {
      const before = times.get(serial) ?? 0;
      if (before >= current.mostPerScore) return undefined;
      times.set(serial, before + 1);
    }
    const kind = chooseFault(current.mix, random);
    if (kind !== undefined) count(kind);
    return kind;
  };

  const giveToken = async (school: LmsSchool, request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await readBody(request));
    const fault = draw();
    if (fault !== undefined && (await misbehave(fault, school.policy, request, response))) return;
    const tokenUrl = `http://${request.headers.host}${request.url}`;
    const given = await tokens.give(form, { clientId: school.clientId, tokenUrl });
    count(given === undefined ? 'token refused' : 'token given');
    if (given === undefined) return json(response, 400, { error: 'invalid_client' });
    const { token, scope } = given;
    json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600, scope });
  };

  const takeScore = async (
    school: LmsSchool,
    lineItem: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const body = JSON.parse(await readBody(request)) as ScoreBody;
    count('score came');
    if (request.headers['content-type'] !== scoreType) return json(response, 415, {});
    await hold.reach('arrived');
    const fault = draw(body[serialMember]);
    if (fault === 'tokens_forgotten') tokens.forget();
    if (!tokens.holds(request.headers.authorization, `${ags}/score`)) return json(response, 401, {});
    const [before, after] = fault?.endsWith('_after') ? [undefined, fault] : [fault, undefined];
    if (before !== undefined && (await misbehave(before, school.policy, request, response))) return;
    const applied = school.gradebook.take(lineItem, body);
    count(applied ? 'score taken' : 'score not newer');
    await hold.reach('stored');
    if (after !== undefined && (await misbehave(after, school.policy, request, response))) return;
    answerScore(school.policy, applied, response);
  };

  const showResults = async (
    school: LmsSchool,
    lineItem: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const fault = draw();
    if (fault !== undefined && (await misbehave(fault, school.policy, request, response))) return;
    if (!tokens.holds(request.headers.authorization, `${ags}/result.readonly`))
      return json(response, 401, {});
    const subject = new URL(request.url ?? '/', 'http://lms').searchParams.get('user_id') ?? undefined;
    count('results read');
    json(response, 200, school.gradebook.results(lineItem, subject), resultsType);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const [, slug = '', place = '', , service] = url.pathname.split('/');
    const school = schools.find((one) => one.slug === slug);
    if (school === undefined) return json(response, 404, {});
    const method = `${request.method} ${service ?? place}`;
    url.pathname = url.pathname.replace(/\/(scores|results)$/, '');
    // Filters of the results (AGS 2.0 §3.3.5) are no part of the line item's own address.
    for (const filter of ['user_id', 'limit']) url.searchParams.delete(filter);
    if (method === 'POST token') return giveToken(school, request, response);
    if (method === 'POST scores') return takeScore(school, url.href, request, response);
    if (method === 'GET results') return showResults(school, url.href, request, response);
    return json(response, 404, {});
  };

  const server = createServer((request, response) => {
    // A client that is killed in the middle is what this LMS is for.
    handle(request, response).catch(() => {
      count('failed');
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    hold,
    counts,
    plan: (plan) => {
      current = plan;
    },
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(port),
  };
}

function answerScore(policy: Policy, applied: boolean, response: ServerResponse): void {
  if (policy === 'strict') response.writeHead(applied ? 204 : 409).end();
  else if (policy === 'by_second') response.writeHead(applied ? 200 : 409).end();
  else if (applied) json(response, 200, { resultUrl: 'https://canvas.example/results/1' });
  else
    json(response, 400, { errors: { type: 'bad_request', message: 'timestamp is older than the last one' } });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
