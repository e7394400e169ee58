import { z } from 'zod';
import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { mostHits, readFacts } from './match.ts';
import { type SignIn, type SignInCandidate, type SignInSnapshot, signInKey } from './sign-in.ts';

const personId = z.uuid().transform((value) => value as PersonId);

/** One first sign-in of somebody at a time: the second finds the link of the first. Held until the transaction ends. */
export async function lockSignIn(tx: TenantTx, signIn: SignIn): Promise<void> {
  const key = `sign-in ${tx.tenantId} ${signIn.connectionId} ${signInKey(signIn)}`;
  await tx.one(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))::text as held`, z.object({}));
}

const knownRow = z
  .object({ person_id: personId, is_elsewhere: z.boolean(), is_in_review: z.boolean() })
  .transform((row) => ({
    personId: row.person_id,
    isElsewhere: row.is_elsewhere,
    isInReview: row.is_in_review,
  }));

/** Whom the link leads to. */
export function findKnown(tx: TenantTx, signIn: SignIn): Promise<SignInSnapshot['known']> {
  const { tenantId } = tx;
  return tx.maybeOne(
    sql`
    select k.person_id,
      exists (select from person_link o join connection c on c.tenant_id = ${tenantId}
          and c.connection_id = o.connection_id and c.kind in ('roster', 'lms')
        where o.tenant_id = ${tenantId} and o.person_id = k.person_id) as is_elsewhere,
      exists (select from person_review v where v.tenant_id = ${tenantId} and v.state = 'open'
        and (v.person_id = k.person_id or v.other_id = k.person_id)) as is_in_review
    from person_link k where k.tenant_id = ${tenantId} and k.connection_id = ${signIn.connectionId}
      and k.subject = ${signInKey(signIn)}`,
    knownRow,
  );
}

const candidateRow = z
  .object({ person_id: personId, facts: z.string() })
  .transform((row): SignInCandidate => ({ personId: row.person_id, facts: readFacts(row.facts) }));

/**
 * Persons with the same value of the tenant's field who are in a roster now; where there is none, the one person with the
 * same e-mail address. What more than ten have is nobody's.
 */
export async function findSignInCandidates(tx: TenantTx, signIn: SignIn): Promise<SignInCandidate[]> {
  const { tenantId } = tx;
  const { connectionId, matchValue, person } = signIn;
  const found = (how: 'field' | 'email', hits: 'one' | 'several') => sql`
    concat_ws('/', ${how}::text, 'none', ${hits}::text,
      case when exists (select from person_link t where t.tenant_id = ${tenantId} and t.person_id = p.person_id
        and t.connection_id = ${connectionId}) then 'taken' else 'free' end, 'open',
      field_agreement(${person.givenName ?? null}, p.given_name), field_agreement(${person.familyName ?? null}, p.family_name),
      field_agreement(${person.email ?? null}, p.email), 'unknown', 'unknown') as facts`;
  const read = (ids: readonly PersonId[], how: 'field' | 'email') =>
    tx.many(
      sql`select p.person_id, ${found(how, ids.length === 1 ? 'one' : 'several')} from person p
        where p.tenant_id = ${tenantId} and p.person_id = any (${ids}::uuid[]) order by p.person_id`,
      candidateRow,
    );
  const byField = await findByField(tx, matchValue);
  if (byField.length > mostHits) return [];
  if (byField.length > 0) return read(byField, 'field');
  const byEmail = await findByEmail(tx, person.email);
  const candidates = byEmail.length === 1 ? await read(byEmail, 'email') : [];
  return candidates.filter(({ facts }) => !facts.taken);
}

const idRow = z.object({ person_id: personId }).transform((row) => row.person_id);

/** In rosters of today: users who are gone may have left their identifier to others. */
function findByField(tx: TenantTx, value: string | undefined): Promise<PersonId[]> {
  const { tenantId } = tx;
  if (value === undefined) return Promise.resolve([]);
  return tx.many(
    sql`select distinct k.person_id from person_link k
      where k.tenant_id = ${tenantId} and k.match_value = ${value}
        and exists (select from person_match_rule r where r.tenant_id = ${tenantId})
        and exists (select from roster_user u where u.tenant_id = ${tenantId} and u.connection_id = k.connection_id
          and u.sourced_id = k.subject and u.removed_at is null)
      limit ${mostHits + 1}`,
    idRow,
  );
}

/** Who came with a sign-in only is no evidence for another account. */
function findByEmail(tx: TenantTx, email: string | undefined): Promise<PersonId[]> {
  const { tenantId } = tx;
  if (email === undefined || email.trim() === '') return Promise.resolve([]);
  return tx.many(
    sql`select p.person_id from person p
      where p.tenant_id = ${tenantId} and p.email_key = lower(btrim(${email}::text)) and p.merged_into is null
        and exists (select from person_link k
          join connection c on c.tenant_id = ${tenantId} and c.connection_id = k.connection_id and c.kind <> 'identity'
          where k.tenant_id = ${tenantId} and k.person_id = p.person_id)
      limit 2`,
    idRow,
  );
}

/** Merges under way are waited for, and nobody else signs in as this person for the first time until the transaction ends. */
export async function lockCandidate(tx: TenantTx, person: PersonId): Promise<void> {
  await tx.exec(
    sql`select from person where tenant_id = ${tx.tenantId} and person_id = ${person} for no key update`,
  );
}

/** @param isSettled whom it belongs to is known; else the next linking of rosters looks for them */
export async function insertSignInLink(
  tx: TenantTx,
  signIn: SignIn,
  { personId: person, isSettled, now }: { personId: PersonId; isSettled: boolean; now: Date },
): Promise<void> {
  const { connectionId, issuer, subject, matchValue } = signIn;
  await tx.exec(sql`
    insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, issuer, issued_subject, match_value,
      is_unsettled, created_at)
    select ${tx.tenantId}, ${connectionId}::uuid, ${signInKey(signIn)}, ${person}::uuid, ${matchValue ?? null}, ${issuer},
      ${subject}, r.value, ${!isSettled} and r.value is not null, ${now}::timestamptz
    from (select (select ${matchValue ?? null}::text from person_match_rule where tenant_id = ${tx.tenantId}) as value) r`);
}

export async function insertSignInPerson(
  tx: TenantTx,
  person: PersonId,
  { person: { name, givenName, familyName, email, locale } }: SignIn,
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    insert into person (tenant_id, person_id, name, given_name, family_name, email, locale, created_at, changed_at)
    values (${tx.tenantId}, ${person}, ${name ?? null}, ${givenName ?? null}, ${familyName ?? null}, ${email ?? null},
      ${locale ?? null}, ${now}, ${now})`);
}

/** What the other side says now: of the link, and of a person whom nobody else tells of. */
export async function refreshSignIn(
  tx: TenantTx,
  signIn: SignIn,
  known: NonNullable<SignInSnapshot['known']>,
  now: Date,
): Promise<void> {
  const { tenantId } = tx;
  const { matchValue, person } = signIn;
  if (matchValue !== undefined) {
    await tx.exec(sql`
      update person_link k set claimed_id = ${matchValue}, match_value = r.value, is_unsettled = r.value is not null
      from (select (select ${matchValue}::text from person_match_rule where tenant_id = ${tenantId}) as value) r
      where k.tenant_id = ${tenantId} and k.connection_id = ${signIn.connectionId} and k.subject = ${signInKey(signIn)}
        and k.claimed_id is distinct from ${matchValue}`);
  }
  if (known.isElsewhere) return;
  await tx.exec(sql`
    update person p set name = v.name, given_name = v.given_name, family_name = v.family_name, email = v.email,
      locale = v.locale, changed_at = ${now}
    from (select coalesce(${person.name ?? null}, o.name) as name, coalesce(${person.givenName ?? null}, o.given_name) as given_name,
        coalesce(${person.familyName ?? null}, o.family_name) as family_name, coalesce(${person.email ?? null}, o.email) as email,
        coalesce(${person.locale ?? null}, o.locale) as locale
      from person o where o.tenant_id = ${tenantId} and o.person_id = ${known.personId}) v
    where p.tenant_id = ${tenantId} and p.person_id = ${known.personId}
      and (p.name, p.given_name, p.family_name, p.email, p.locale)
        is distinct from (v.name, v.given_name, v.family_name, v.email, v.locale)`);
}
