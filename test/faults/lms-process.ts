import { answerParent } from '../bench/process/child.ts';
import type { FaultPlan } from './lms/faults.ts';
import { type Arrival, createGradebook, type Grade, type Policy } from './lms/gradebook.ts';
import type { Moment } from './lms/hold.ts';
import { type LmsServer, startLmsServer } from './lms/server.ts';
import { createLmsTokens } from './lms/tokens.ts';
import { createRandom } from './random.ts';

export interface LmsSettings {
  schools: { slug: string; policy: Policy; clientId: string }[];
  keySetUrls: string[];
  seed: string;
}

/** All that the LMS knows. */
export interface LmsRecord {
  arrivals: Arrival[];
  grades: Omit<Grade, 'body'>[];
  counts: Record<string, number>;
}

/** An LMS of three schools in a process of its own, that does what it is told to do wrong. */
let running: LmsServer | undefined;
let schools: Parameters<typeof startLmsServer>[0] = [];

async function open(settings: LmsSettings): Promise<{ origin: string }> {
  schools = settings.schools.map((school) => ({ ...school, gradebook: createGradebook(school.policy) }));
  const tokens = createLmsTokens(settings.keySetUrls);
  running = await startLmsServer(schools, tokens, createRandom(`${settings.seed} lms`));
  return { origin: `http://127.0.0.1:${running.port}` };
}

function server(): LmsServer {
  if (running === undefined) throw new Error('The LMS is not open');
  return running;
}

function record(): LmsRecord {
  return {
    arrivals: schools.flatMap(({ gradebook }) => gradebook.arrivals),
    grades: schools.flatMap(({ gradebook }) => gradebook.grades()).map(({ body: _body, ...grade }) => grade),
    counts: Object.fromEntries(server().counts),
  };
}

answerParent({
  open,
  plan: (plan: FaultPlan) => server().plan(plan),
  hold: (moment: Moment) => server().hold.next(moment),
  release: () => server().hold.release(),
  down: () => server().down(),
  up: () => server().up(),
  counts: () => Object.fromEntries(server().counts),
  record,
  close: () => undefined,
});
