import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { TenantId } from '../../contracts/ids.ts';
import { isReasonCode, type ReasonCode, reason } from '../../src/lti/reasons.ts';
import { parseHandle } from '../../src/platform/handle.ts';
import { type Answer, readForm } from '../demo/support/user-agent.ts';
import type { TestDatabase } from './database.ts';
import type { AnsweredLogin } from './launch.ts';

/** A launch as it stands in the database. */
export interface LaunchRow {
  tenant_id: string;
  launch_id: string;
  reference: string;
  state: string;
  outcome: string | null;
  reason: string | null;
  deployment_id: string | null;
  person_id: string | null;
  context_id: string | null;
  binding: string | null;
  presentation: string | null;
  trace: { facts: Record<string, unknown>; warnings: string[] };
}

/** The reference a page tells the person. */
export function referenceOf(page: string): string {
  const reference = /<code>([0-9A-Z]{4}-[0-9A-Z]{4})<\/code>/.exec(page)?.[1];
  if (reference === undefined) throw new Error(`The page has no reference:\n${page}`);
  return reference;
}

/** The reason code a refusal's page tells engineers; undefined when the page is no refusal. */
export function reasonOf(page: string): ReasonCode | undefined {
  const code = /<details>.*?>([a-z_]+): /s.exec(page)?.[1];
  return code !== undefined && isReasonCode(code) ? code : undefined;
}

/** The launches with the reference of a page. */
export async function launchesOf({ superuser }: TestDatabase, page: string): Promise<LaunchRow[]> {
  const reference = referenceOf(page);
  return (await superuser.query<LaunchRow>('select * from launch where reference = $1', [reference])).rows;
}

/** The hint that the hub goes on to the tool with, by a redirect or by a page; undefined when it does not. */
function findHint({ location, body }: Answer): string | undefined {
  if (location !== undefined) return new URL(location).searchParams.get('lti_message_hint') ?? undefined;
  const { fields } = readForm(body);
  return fields.lti_message_hint ?? fields.hint;
}

/** The launch that the hub goes on to the tool with. */
export async function launchSentOn({ superuser }: TestDatabase, launched: Answer): Promise<LaunchRow> {
  const hint = findHint(launched);
  if (hint === undefined)
    throw new Error(`The launch did not go on: ${launched.status} ${reasonOf(launched.body)}`);
  const launchId = parseHandle(hint.split('.')[0], 2)?.ids[1];
  const { rows } = await superuser.query<LaunchRow>('select * from launch where launch_id = $1', [launchId]);
  if (rows[0] === undefined) throw new Error('The hint names no launch');
  return rows[0];
}

/** How many logins stand open under the state of an answer. */
export async function openLogins({ superuser }: TestDatabase, answered: AnsweredLogin): Promise<number> {
  const hash = createHash('sha256').update(String(answered.fields.state)).digest();
  const { rows } = await superuser.query<{ count: number }>(
    `select (select count(*) from lti_login where state_hash = $1)::int
       + (select count(*) from hub_login where state_hash = $1)::int as count`,
    [hash],
  );
  return rows[0]!.count;
}

/**
 * Checks that a launch ended for one reason: a page with the reason and a reference, no redirect, and one row of that
 * tenant under that reference. Without a tenant no row is kept.
 */
export async function expectRefused(
  testDatabase: TestDatabase,
  answer: Answer,
  code: ReasonCode,
  tenantId?: TenantId,
  outcome: string = reason(code).outcome,
): Promise<void> {
  expect(reasonOf(answer.body)).toBe(code);
  expect(answer.status).toBe(400);
  expect(answer.location).toBeUndefined();
  const rows = await launchesOf(testDatabase, answer.body);
  const found = rows.map((row) => [row.tenant_id, row.state, row.reason, row.outcome]);
  expect(found).toEqual(tenantId === undefined ? [] : [[tenantId, 'refused', code, outcome]]);
}

/** The same for what anybody could have sent: it is counted as nobody's failure. */
export function expectUnproven(
  testDatabase: TestDatabase,
  answer: Answer,
  code: ReasonCode,
  tenantId: TenantId,
): Promise<void> {
  return expectRefused(testDatabase, answer, code, tenantId, 'user_error');
}
