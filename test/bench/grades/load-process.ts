import { openLanes, openRotation, type Send } from '../load/connections.ts';
import { type Phase, readOrExplain } from '../load/flow.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { sharedClock } from '../measure/machine.ts';
import { answerParent } from '../process/child.ts';
import { type Lines, numberLines, type SchoolSize } from './lines.ts';
import type { ClosedLoop, LoadProgress, LoadRun, OpenLoopRun, RatedLoad } from './load.ts';
import { scoreBody } from './score-body.ts';

/** Where scores are sent, and as whom. */
export interface LoadSettings {
  sizes: SchoolSize[];
  /** By school: where the scores of each item go, and what each person is called there. */
  schools: { itemPaths: string[]; userIds: string[] }[];
  token: string;
  host: string;
  /** The only status a score may be answered with. */
  status: number;
}

interface Load extends LoadSettings {
  lines: Lines;
  /** Number of the last accepted score of each line, 0 for none. */
  finals: Int32Array;
  /** How many scores of each school have been sent. */
  turns: number[];
  lastNumber: number;
}

let load: Load | undefined;

function open(settings: LoadSettings): void {
  const lines = numberLines(settings.sizes);
  const turns = settings.sizes.map(() => 0);
  load = { ...settings, lines, finals: new Int32Array(lines.total), turns, lastNumber: 0 };
}

/** A score on its way, with the line it is of. */
interface Sent {
  line: number;
  number: number;
  due: number;
}

/** The schools in turn, and in each its lines in turn. */
function nextLine({ lines, turns }: Load, schools: readonly number[], turn: number): number {
  const school = schools[turn % schools.length]!;
  const { first, count } = lines.ofSchool(school);
  const taken = turns[school]!;
  turns[school] = taken + 1;
  return first + (taken % count);
}

/** A tool's score, over AGS (AGS 2.0 §3.4). */
function scorePhase(opened: Load): Phase<Sent> {
  const { lines, schools, token, host, finals, status } = opened;
  return {
    name: 'score',
    request: ({ line, number }) => {
      const { school, item, person } = lines.at(line);
      const { itemPaths, userIds } = schools[school]!;
      return {
        method: 'POST',
        path: itemPaths[item]!,
        headers: {
          host,
          authorization: `Bearer ${token}`,
          'content-type': 'application/vnd.ims.lis.v1.score+json',
          'user-agent': 'Sample tool',
          accept: '*/*',
        },
        body: scoreBody({ userId: userIds[person]!, number }),
      };
    },
    read: ({ line, number }, answer) => {
      if (answer.status !== status) throw new Error(`status ${status} is expected`);
      finals[line] = number;
    },
  };
}

async function runClosedLoop(loop: ClosedLoop): Promise<LoadRun> {
  const opened = whatIsOpen();
  const phase = scorePhase(opened);
  const post = async (send: Send, line: number) => {
    opened.lastNumber += 1;
    const sent: Sent = { line, number: opened.lastNumber, due: 0 };
    readOrExplain(phase, sent, await send(await phase.request(sent)));
  };
  const { lanes, close } = openLanes(loop.origins, loop.lanesPerOrigin);
  const used = process.cpuUsage();
  const start = performance.now();
  const end = start + loop.seconds * 1000;
  let accepted = 0;
  let turn = 0;
  const goesOn = () => turn < loop.most && performance.now() < end;
  try {
    await Promise.all(
      lanes.map(async (send) => {
        while (goesOn()) {
          turn += 1;
          const repeats = turn % loop.repeatEvery === 0;
          const line = nextLine(opened, loop.schools, turn);
          await post(send, line);
          // In the same lane, so that the two are accepted in their order.
          if (repeats) await post(send, line);
          accepted += repeats ? 2 : 1;
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    return { accepted, seconds, generatorSeconds: (user + system) / 1e6 };
  } finally {
    await close();
  }
}

async function runAtRate(rated: RatedLoad): Promise<OpenLoopRun> {
  const opened = whatIsOpen();
  const rotation = openRotation(rated.origins);
  const sharedMinusOwn = sharedClock() - performance.now();
  const all: Sent[] = [];
  try {
    const { requests } = await runOpenLoop<Sent>({
      ...rated,
      send: rotation.send,
      start: (due) => {
        opened.lastNumber += 1;
        const line = nextLine(opened, rated.schools, all.length);
        const sent: Sent = { line, number: opened.lastNumber, due };
        all.push(sent);
        return sent;
      },
      phases: [scorePhase(opened)],
    });
    const counted = all.slice(Math.round(rated.perSecond * rated.leadSeconds));
    const due = counted.map((sent): [number, number] => [sent.number, sent.due + sharedMinusOwn]);
    return { accepted: all.length, due: new Map(due), requests: requests.score ?? [] };
  } finally {
    rotation.close();
  }
}

/** Those of these schools; 0 elsewhere. */
function finalsOf({ finals, lines }: Load, schools: readonly number[]): Int32Array {
  const some = new Int32Array(lines.total);
  for (const school of schools) {
    const { first, count } = lines.ofSchool(school);
    some.set(finals.subarray(first, first + count), first);
  }
  return some;
}

/** Where the next scores begin that somebody else hands in. */
function progress(): LoadProgress {
  const { lastNumber, turns } = whatIsOpen();
  return { lastNumber, turns };
}

/** Takes note of scores that somebody else has handed in. */
function adopt({ lastNumber, turns, accepted }: LoadProgress & { accepted: Int32Array[] }): void {
  const opened = whatIsOpen();
  opened.lastNumber = lastNumber;
  opened.turns = turns;
  for (const pairs of accepted) {
    for (let at = 0; at < pairs.length; at += 2) {
      const [line = 0, number = 0] = pairs.subarray(at, at + 2);
      opened.finals[line] = Math.max(opened.finals[line] ?? 0, number);
    }
  }
}

function whatIsOpen(): Load {
  if (load === undefined) throw new Error('The load was not opened');
  return load;
}

answerParent({
  open,
  runClosedLoop,
  runAtRate,
  progress,
  adopt,
  finals: (schools: readonly number[]) => finalsOf(whatIsOpen(), schools),
  close: () => undefined,
});
