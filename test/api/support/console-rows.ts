import { newId, type TenantId } from '../../../contracts/ids.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { acceptScore } from '../../../src/grades/accept.ts';
import { ensureSigningKey } from '../../../src/lti/keys/keys.ts';
import { migrateJobs } from '../../../src/platform/jobs/migrate-jobs.ts';
import type { Secrets } from '../../../src/platform/secrets/secrets.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createGradeSchool, scoreOf } from '../../support/grades.ts';

const rules = { allowLoopback: false };

/** A school with something of everything the console shows: a tool, an LMS, a launch, a score, doubtful people. */
export async function addConsoleRows(
  test: TestDatabase,
  slug: string,
  parts: { now: number; secrets: Secrets },
) {
  const { database, superuser, url } = test;
  const { now, secrets } = parts;
  const by = { actor: 'test', now };
  const clock = { now: () => now };
  await migrateJobs(url, []);
  await ensureSigningKey({ db: database, secrets, clock }, by);
  const school = await createGradeSchool(test, { slug });
  const { tenantId, connectionId, toolId } = school;
  const accepted = await acceptScore(database, { ...scoreOf(school, 1), now });
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  const reference = 'ZZZZ-0001';
  await superuser.query(
    `insert into launch (tenant_id, launch_id, reference, state, outcome, reason, tool_id, trace, started_at, ended_at)
     values ($1, $2, $3, 'refused', 'failed_hub', 'state_unknown', $4, '{}', $5, $5)`,
    [tenantId, newId(now), reference, toolId, new Date(now)],
  );
  const { connectionId: registrationId } = await database.withHub((tx) =>
    connectLmsHubWide(tx, { family: 'blackboard', clientId: `app-of-${slug}` }, rules, by),
  );
  const people = await addDoubtful(test, tenantId);
  const { rows } = await superuser.query('select kid from signing_key');
  return {
    ...{ tenantId, connectionId, registrationId, reference, ...people, kid: rows[0].kid as string },
    deliveryId: accepted.deliveryId,
    tool: `tool-of-${slug}`,
  };
}

/** Two persons somebody has to look at, and a merge of two others. */
async function addDoubtful({ superuser }: TestDatabase, tenantId: TenantId) {
  const [personId, otherId, keptId, absorbedId] = [newId(), newId(), newId(), newId()];
  for (const id of [personId, otherId, keptId, absorbedId]) {
    await superuser.query(
      'insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())',
      [tenantId, id],
    );
  }
  const [reviewId, mergeId] = [newId(), newId()];
  await superuser.query(
    `insert into person_review (tenant_id, review_id, reason, state, connection_id, subject, person_id, other_id, agree,
       differ, found_at)
     select $1, $2, 'email_only', 'open', connection_id, 'u1', $3, $4, '{}', '{}', now() from connection
     where tenant_id = $1 limit 1`,
    [tenantId, reviewId, personId, otherId],
  );
  const moved = { links: [], tools: [], retired: [], aliases: [], lines: [], ownLines: [], merged: [] };
  await superuser.query(
    `insert into person_merge (tenant_id, merge_id, kept_id, absorbed_id, moved, merged_by, merged_at)
     values ($1, $2, $3, $4, $5, 'test', now())`,
    [tenantId, mergeId, keptId, absorbedId, JSON.stringify(moved)],
  );
  await superuser.query('update person set merged_into = $3 where tenant_id = $1 and person_id = $2', [
    ...[tenantId, absorbedId, keptId],
  ]);
  return { reviewId, mergeId, personId, otherId };
}
