-- The same person known in several ways: how roster users and other identities meet, what is doubtful about it, and what
-- was merged.

-- A new UUIDv7 (RFC 9562 §5.7) of an instant, for statements that make many; PostgreSQL has one of its own from 18 on.
create function uuid_v7(at timestamptz) returns uuid language sql volatile strict parallel safe as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
    || substr(gen_random_uuid()::text, 16))::uuid
$$;

-- How two values of one field compare. Where one is missing nothing can be said.
create function field_agreement(one text, other text) returns text language sql immutable parallel safe as $$
  select case when coalesce(btrim(one), '') = '' or coalesce(btrim(other), '') = '' then 'unknown'
    when lower(btrim(one)) = lower(btrim(other)) then 'agrees' else 'differs' end
$$;

-- Set where this is the same person as another: whoever still holds this id finds the one that is kept. The row stays as
-- it was, so that it can be taken out again.
alter table person add column merged_into uuid;
create index person_merged_into on person (tenant_id, merged_into) where merged_into is not null;

alter table person_link
  -- What the connection says the person's id at the SIS is: of a launch lis.person_sourcedid (LTI Core, appendix D), of a
  -- sign-in the attribute that its connection names.
  add column claimed_id text check (length(claimed_id) between 1 and 255),
  -- Of a sign-in: who says so, and what they call the person. The key is both, of any length, so that `subject` is a digest.
  add column issuer text check (length(issuer) between 1 and 2000),
  add column issued_subject text check (length(issued_subject) between 1 and 2000),
  -- What links of several connections are compared by, as the tenant's rule says.
  add column match_value text check (length(match_value) between 1 and 255),
  -- Came with a launch or a sign-in since rosters were last linked, and did not find its person then.
  add column is_unsettled boolean not null default false,
  add check ((issuer is null) = (issued_subject is null));
-- Rows of persons are never deleted, so that links need no foreign key: checking it takes a third of the time of linking.
alter table person_link drop constraint person_link_tenant_id_person_id_fkey;
create index person_link_match on person_link (tenant_id, match_value) where match_value is not null;
create index person_link_unsettled on person_link (tenant_id) where is_unsettled;
-- Whom a new user or a sign-in shares an address with, which is worth a look. A column, since an index on an expression is not
-- used under row-level security unless its functions are known to leak nothing.
alter table person add column email_key text generated always as (nullif(lower(btrim(email)), '')) stored;
create index person_email on person (tenant_id, email_key) where email_key is not null;
-- Users that runs have brought or changed, found without reading all that is there. All of them are in it: the condition keeps
-- those who look for one user by the key from being led here while statistics are missing.
create index roster_user_changed on roster_user (tenant_id, connection_id, changed_run, sourced_id) where changed_run > 0;

-- Set where a tool has known two persons that are one: it may still use this name, and is given the other's.
alter table pseudonym add column alias_of uuid;
create index pseudonym_of_person on pseudonym (tenant_id, person_id);

-- Which column of a roster's users names the same as which field of other connections. Without a row nothing does.
create table person_match_rule (
  tenant_id uuid not null references tenant,
  -- A column of users, or `userIds:<type>`.
  roster_column text not null check (length(roster_column) between 1 and 100),
  link_field text not null check (link_field in ('lisPersonSourcedId', 'subject')),
  changed_at timestamptz not null,
  primary key (tenant_id)
);
call protect_tenant_table('person_match_rule');
grant select, insert, update, delete on person_match_rule to gatehouse_app;

-- Two persons that may be one, or a link that may have become somebody else's (then both sides are the same). Says which
-- fields agree and differ, and holds none of their values.
create table person_review (
  tenant_id uuid not null,
  review_id uuid not null,
  reason text not null check (reason in ('email_only', 'several_hits', 'same_connection', 'student_and_adult',
    'recycled_identifier', 'recycled_sourced_id', 'both_known')),
  state text not null check (state in ('open', 'joined', 'kept_apart', 'dismissed')),
  -- The roster user that gave the reason.
  connection_id uuid not null,
  subject text not null,
  person_id uuid not null,
  other_id uuid not null,
  agree text[] not null,
  differ text[] not null,
  found_at timestamptz not null,
  merge_id uuid,
  decided_by text,
  decided_at timestamptz,
  primary key (tenant_id, review_id),
  check ((state = 'open') = (decided_at is null))
);
-- Whatever was decided, the same is not asked twice.
create unique index person_review_pair on person_review
  (tenant_id, least(person_id, other_id), greatest(person_id, other_id), reason) where state <> 'joined';
create index person_review_one on person_review (tenant_id, person_id);
create index person_review_other on person_review (tenant_id, other_id);
create index person_review_open on person_review (tenant_id, review_id) where state = 'open';
call protect_tenant_table('person_review');
grant select, insert, update, delete on person_review to gatehouse_app;

-- What was moved from one person to another, so that all of it can be put back.
create table person_merge (
  tenant_id uuid not null,
  merge_id uuid not null,
  kept_id uuid not null,
  absorbed_id uuid not null,
  -- Ids only: links, tools, line items, earlier merges.
  moved jsonb not null,
  merged_by text not null,
  merged_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  primary key (tenant_id, merge_id),
  check ((undone_by is null) = (undone_at is null))
);
create unique index person_merge_absorbed on person_merge (tenant_id, absorbed_id) where undone_at is null;
create index person_merge_kept on person_merge (tenant_id, kept_id);
create index person_merge_pair on person_merge (tenant_id, absorbed_id, kept_id);
call protect_tenant_table('person_merge');
grant select, insert, update, delete on person_merge to gatehouse_app;

-- How far linking has come: it goes in steps, each a transaction of its own, and goes on from here.
create table person_linking (
  tenant_id uuid not null references tenant,
  -- The step that is under way, and where in it; no row: none is.
  position jsonb not null,
  -- By the clock of the database: one that stands still was left by a copy that died.
  moved_at timestamptz not null default now(),
  primary key (tenant_id)
);
call protect_tenant_table('person_linking');
call let_role_read_all('person_linking', 'gatehouse_rollup');
grant select, insert, update, delete on person_linking to gatehouse_app;
grant select (tenant_id, moved_at) on person_linking to gatehouse_rollup;

create table person_linked_roster (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- Users changed by runs up to this one were taken up for linking; those up to the other are to be.
  linked_run integer not null,
  wanted_run integer not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('person_linked_roster');
call let_role_read_all('person_linked_roster', 'gatehouse_rollup');
grant select, insert, update, delete on person_linked_roster to gatehouse_app;
grant select (tenant_id, linked_run, wanted_run) on person_linked_roster to gatehouse_rollup;

-- Users who were taken up and wait to be linked. All of them are here before the first one is, so that two who share an
-- identifier are seen to.
create table person_newcomer (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  -- What a new person would be called.
  person_id uuid not null,
  match_value text,
  primary key (tenant_id, connection_id, sourced_id)
);
create index person_newcomer_match on person_newcomer (tenant_id, match_value) where match_value is not null;
call protect_tenant_table('person_newcomer');
grant select, insert, update, delete on person_newcomer to gatehouse_app;
-- Rows of it live for minutes.
alter table person_newcomer set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- What statistics may tell of these tables is what earlier tenants have brought. Of a tenant that came since they would say that
-- it has no rows: any index that starts with the tenant would then look as good for finding one row as the one that has the
-- rest of the key too, and each look-up might read all of the tenant. Without them a tenant is taken for one of 200.
alter table person alter column tenant_id set statistics 0;
alter table person_link alter column tenant_id set statistics 0;
alter table person_newcomer alter column tenant_id set statistics 0;
alter table person_review alter column tenant_id set statistics 0;
alter table person_merge alter column tenant_id set statistics 0;
alter table pseudonym alter column tenant_id set statistics 0;
-- Likewise for what nearly everybody has a value of their own in: where the first tenants had not, or put the same for all, any
-- row would be expected to do.
alter table person alter column email_key set (n_distinct = -1);
alter table person_link alter column match_value set (n_distinct = -1);
alter table person_newcomer alter column match_value set (n_distinct = -1);

-- By what a roster user who was erased is known again, without keeping what they were called.
create function tombstone_key(connection_id uuid, sourced_id text) returns bytea
  language sql immutable strict parallel safe as $$
  select sha256(convert_to(connection_id::text || ' ' || sourced_id, 'UTF8'))
$$;

-- Somebody who was erased and whose source may go on naming them: the next run does not bring them back.
create table person_tombstone (
  tenant_id uuid not null,
  connection_id uuid not null,
  key_hash bytea not null,
  erased_at timestamptz not null,
  primary key (tenant_id, connection_id, key_hash),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('person_tombstone');
grant select, insert, delete on person_tombstone to gatehouse_app;
-- Runs leave out whom it names.
grant select on person_tombstone to gatehouse_staging;
