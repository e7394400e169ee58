import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned } from '../../../src/health/burden/signature.ts';
import { byPartner, middleStart, sumBurden } from '../../../src/health/burden/sum.ts';
import { readTracked } from '../../../src/health/burden/trackers.ts';
import { readWorkCsv } from '../../../src/health/burden/work-csv.ts';

const now = Date.UTC(2026, 10, 18);
const labels = ['integration:existing', 'partner:canvas', 'bug'];
const github = (given: { action?: string; labels?: string[]; closed_at?: string | null } = {}) => ({
  action: given.action ?? 'closed',
  issue: {
    ...{ id: 7, number: 3, updated_at: '2026-11-02T09:00:00Z', closed_at: given.closed_at ?? null },
    labels: (given.labels ?? [...labels, 'minutes:90']).map((name) => ({ name })),
    title: 'Somebody’s name',
  },
  repository: { full_name: 'a/b' },
});
const work = { kind: 'work', item: { integration: 'existing', partner: 'canvas', minutes: 90 } };

test('GitHub’s issues are read by their labels, minutes included', () => {
  const read = (payload: unknown) => readTracked('github', payload, now);
  expect(read(github())).toMatchObject({
    ...work,
    item: { externalId: '7', doneAt: '2026-11-02T09:00:00.000Z' },
  });
  expect(read(github({ closed_at: '2026-11-01T09:00:00Z' }))).toMatchObject({
    item: { doneAt: '2026-11-01T09:00:00.000Z' },
  });
  expect(read(github({ action: 'deleted' }))).toEqual({ kind: 'none', externalId: '7' });
  expect(read(github({ labels: ['bug'] }))).toEqual({ kind: 'none', externalId: '7' });
  expect(read(github({ labels: [...labels, 'minutes:lots'] }))).toMatchObject({ item: { minutes: 0 } });
  expect(read({ zen: 'x' })).toEqual({ kind: 'other_event' });
  expect(JSON.stringify(read(github()))).not.toContain('Somebody');
});

test('GitLab’s and Jira’s time tracking counts, in their own forms of moments', () => {
  const issue = {
    object_kind: 'issue',
    object_attributes: {
      id: 5,
      closed_at: '2026-11-03 10:00:00 UTC',
      updated_at: null,
      total_time_spent: 5_400,
    },
    labels: labels.map((title) => ({ title })),
  };
  expect(readTracked('gitlab', issue, now)).toMatchObject({
    ...work,
    item: { minutes: 90, doneAt: '2026-11-03T10:00:00.000Z' },
  });
  const fields = { labels, timespent: 5_400, resolutiondate: '2026-11-04T10:00:00.000+0100', updated: null };
  const jira = (webhookEvent: string) => ({ webhookEvent, issue: { id: '10002', fields } });
  expect(readTracked('jira', jira('jira:issue_updated'), now)).toMatchObject({
    ...work,
    item: { externalId: '10002', doneAt: '2026-11-04T09:00:00.000Z' },
  });
  expect(readTracked('jira', jira('jira:issue_deleted'), now)).toMatchObject({ kind: 'none' });
  expect(readTracked('jira', jira('comment_created'), now)).toEqual({ kind: 'other_event' });
});

test('a moment in the future or of no form is now', () => {
  const at = (closed_at: string) => readTracked('github', github({ closed_at }), now);
  const moment = new Date(now).toISOString();
  expect([at('2027-01-01T00:00:00Z'), at('yesterday')]).toMatchObject([
    { item: { doneAt: moment } },
    { item: { doneAt: moment } },
  ]);
});

test('a message counts only with its own tracker’s signature over its very bytes', () => {
  const body = Buffer.from('{"a":1}');
  const signature = `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`;
  expect(isSigned('github', 's3cret', { 'x-hub-signature-256': signature }, body)).toBe(true);
  expect(isSigned('jira', 's3cret', { 'x-hub-signature': signature }, body)).toBe(true);
  expect(isSigned('gitlab', 's3cret', { 'x-gitlab-token': 's3cret' }, body)).toBe(true);
  expect(isSigned('github', 's3cret', { 'x-hub-signature': signature }, body)).toBe(false);
  expect(isSigned('github', 'other', { 'x-hub-signature-256': signature }, body)).toBe(false);
  expect(isSigned('github', 's3cret', { 'x-hub-signature-256': signature }, Buffer.from('{"a":2}'))).toBe(
    false,
  );
  expect(isSigned('gitlab', 's3cret', {}, body)).toBe(false);
});

test('a list is taken whole or not at all, and says which line is wrong', () => {
  const head = 'id,integration,partner,minutes,done\r\n';
  expect(
    readWorkCsv(
      `\ufeff${head}A-1,existing,"canvas, inc",90,2026-11-02\r\nA-2,new,,15,2026-11-02T08:00:00+01:00`,
    ),
  ).toEqual([
    {
      ...{ externalId: 'A-1', integration: 'existing', partner: 'canvas, inc', minutes: 90 },
      doneAt: '2026-11-02T12:00:00Z',
    },
    {
      ...{ externalId: 'A-2', integration: 'new', partner: null, minutes: 15 },
      doneAt: '2026-11-02T08:00:00+01:00',
    },
  ]);
  const failure = (text: string) => {
    try {
      return readWorkCsv(text).length;
    } catch (error) {
      return (error as { details: { line: number } }).details.line;
    }
  };
  expect(failure(`${head}A-1,existing,,90,2026-11-02\nA-2,old,,1,2026-11-02`)).toBe(3);
  expect(failure(`${head}A-1,existing,,1.5,2026-11-02`)).toBe(2);
  expect(failure('id,minutes\nA,1')).toBe(1);
  expect(readWorkCsv(head)).toEqual([]);
  expect(() => readWorkCsv(`${head}"A`)).toThrow('not valid CSV');
});

test('the burden is what existing integrations take of all; without work there is none', () => {
  const sums = [
    { partner: 'canvas', existing: 90, created: 30 },
    { partner: null, existing: 0, created: 60 },
  ];
  expect(sumBurden(sums)).toEqual({ existing: 90, created: 90, share: 0.5 });
  expect(sumBurden([]).share).toBeNull();
  expect(byPartner(sums).map(({ partner, share }) => [partner, share])).toEqual([
    ['canvas', 0.75],
    [null, 0],
  ]);
  expect([middleStart([5, 1, 3]), middleStart([])]).toEqual([3, undefined]);
});
