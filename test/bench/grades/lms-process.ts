import { setTimeout as delay } from 'node:timers/promises';
import {
  startWireServer,
  type WireReply,
  type WireServer,
  type WireServerRequest,
} from '../load/wire-server.ts';
import { sharedClock } from '../measure/machine.ts';
import { answerParent } from '../process/child.ts';
import { type Lines, lmsSubject, numberLines, type SchoolSize } from './lines.ts';
import { lmsMilliseconds, lmsToken } from './lms.ts';
import { createLedger, type LmsLedger } from './lms-ledger.ts';
import { readScoreBody } from './score-body.ts';

interface Lms {
  lines: Lines;
  ledger: LmsLedger;
  server: WireServer;
}

let lms: Lms | undefined;
/** When each score was stored, by its number, while that is asked for. */
let arrivals: Map<number, number> | undefined;

async function open(sizes: readonly SchoolSize[]): Promise<string> {
  const lines = numberLines(sizes);
  const ledger = createLedger(lines.total);
  const server = await startWireServer((request) => answer({ lines, ledger }, request));
  lms = { lines, ledger, server };
  return server.origin;
}

const json = 'application/json';
const itemPath = /^\/schools\/(\d+)\/items\/(\d+)\/scores$/;

async function answer(
  { lines, ledger }: Pick<Lms, 'lines' | 'ledger'>,
  { method, path, head, body }: WireServerRequest,
): Promise<WireReply> {
  if (method === 'POST' && path === '/token') return tokenReply(body);
  const [, school, item] = itemPath.exec(path) ?? [];
  if (method !== 'POST' || school === undefined || !isAllowed(head)) {
    ledger.counts.refused += 1;
    return { status: 404, type: json, body: '{}' };
  }
  const { userId, number } = readScoreBody(body);
  const at = { school: Number(school), item: Number(item), person: Number(userId.split('-')[2]) };
  if (userId !== lmsSubject(at)) throw new Error('This person is of another school');
  const line = lines.numberOf(at);
  ledger.begin(line);
  await delay(lmsMilliseconds);
  ledger.store(line, number);
  arrivals?.set(number, sharedClock());
  return { status: 200, type: json, body: '{}' };
}

/** RFC 6750 §2.1; AGS 2.0 §3.4.2. */
function isAllowed(head: string): boolean {
  return (
    head.includes(`Bearer ${lmsToken}`) &&
    /\r\ncontent-type: *application\/vnd\.ims\.lis\.v1\.score\+json/i.test(head)
  );
}

function tokenReply(body: string): WireReply {
  const scope = new URLSearchParams(body).get('scope') ?? '';
  const granted = { access_token: lmsToken, token_type: 'Bearer', expires_in: 3600, scope };
  return { status: 200, type: json, body: JSON.stringify(granted) };
}

function opened(): Lms {
  if (lms === undefined) throw new Error('The LMS was not opened');
  return lms;
}

answerParent({
  open,
  counts: () => opened().ledger.counts,
  /** Answers as soon as each line has the score it has to have in the end. */
  expect: (finals: Int32Array) =>
    new Promise<void>((resolve) => opened().ledger.expect(finals, () => resolve())),
  noteArrivals: () => {
    arrivals = new Map();
  },
  takeArrivals: () => {
    const taken = arrivals;
    arrivals = undefined;
    return taken;
  },
  close: () => lms?.server.close(),
});
