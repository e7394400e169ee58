import { PgBoss } from 'pg-boss';
import { openRotation, type Send } from '../load/connections.ts';
import { answerParent } from '../process/child.ts';
import { lmsItemPath, lmsSubject } from './lines.ts';
import { lmsToken } from './lms.ts';
import { scoreBody } from './score-body.ts';

export interface BossSettings {
  databaseUrl: string;
  /** The first copy makes tables and queue. */
  create: boolean;
  /** Where jobs are posted, when that is asked for. */
  lmsOrigin: string;
}

export interface BossWork {
  workers: number;
  /** Whether the handler posts what it is given to the LMS; else it does nothing. */
  posts: boolean;
}

interface Boss {
  boss: PgBoss;
  /** Jobs whose handler has run in this process. */
  handled: number;
  lastNumber: number;
  lms: { send: Send; close(): void };
  host: string;
}

const queue = 'score';
const itemPath = lmsItemPath({ school: 0, item: 0 });
const subject = lmsSubject({ school: 0, person: 0 });
let opened: Boss | undefined;

async function open({ databaseUrl, create, lmsOrigin }: BossSettings): Promise<void> {
  const boss = new PgBoss(databaseUrl);
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  if (create) await boss.createQueue(queue);
  const lms = openRotation([lmsOrigin]);
  opened = { boss, handled: 0, lastNumber: 0, lms, host: new URL(lmsOrigin).host };
}

/** Sends one job at a time in each of so many loops. */
async function send({
  seconds,
  loops,
}: {
  seconds: number;
  loops: number;
}): Promise<{ sent: number; seconds: number }> {
  const copy = whatIsOpen();
  const start = performance.now();
  const end = start + seconds * 1000;
  let sent = 0;
  await Promise.all(
    Array.from({ length: loops }, async () => {
      while (performance.now() < end) {
        copy.lastNumber += 1;
        const score = JSON.parse(scoreBody({ userId: subject, number: copy.lastNumber })) as object;
        if ((await copy.boss.send(queue, score)) === null) throw new Error('The job was not taken');
        sent += 1;
      }
    }),
  );
  return { sent, seconds: (performance.now() - start) / 1000 };
}

/** Works the queue off at ten jobs a time, without a pause while there are ten. */
async function work({ workers, posts }: BossWork): Promise<void> {
  const copy = whatIsOpen();
  await copy.boss.work<object>(
    queue,
    {
      batchSize: 10,
      localConcurrency: workers,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: 0.5,
    },
    async (jobs) => {
      if (posts) await Promise.all(jobs.map(({ data }) => post(copy, data)));
      copy.handled += jobs.length;
    },
  );
}

/** All ten at once, over as little HTTP as there can be; nobody keeps them in order. */
async function post({ lms, host }: Boss, score: object): Promise<void> {
  const headers = {
    host,
    authorization: `Bearer ${lmsToken}`,
    'content-type': 'application/vnd.ims.lis.v1.score+json',
  };
  const body = JSON.stringify(score);
  const { status } = await lms.send({ method: 'POST', path: `${itemPath}/scores`, headers, body });
  if (status !== 200) throw new Error(`The LMS answered ${status}`);
}

function whatIsOpen(): Boss {
  if (opened === undefined) throw new Error('pg-boss was not opened');
  return opened;
}

answerParent({
  open,
  send,
  work,
  handled: () => whatIsOpen().handled,
  rest: () => whatIsOpen().boss.offWork(queue, { wait: true }),
  close: async () => {
    opened?.lms.close();
    await opened?.boss.stop({ graceful: false });
  },
});
