-- The canonical roster (OneRoster 1.2): one table an entity, one row a sourcedId of a connection. What a row refers to is
-- named by sourcedId and may be missing: sources send orphans, which are findings and no reason to lose the row.
--
-- Every row ends alike:
--   metadata        the vendor's own members
--   content_hash    of the source's text of the row, as the last run that changed it has read it: what is equal is the same
--   created_run, changed_run   numbers of runs of the connection
--   part, line      where that run has read it: the part's name stands with the run
--   removed_at      set where the source has it no more; the row itself stays for a while, so that it can come back
--
-- No foreign key to the connection: rows come from runs only, which have one, and checking it for each of ten million rows
-- takes half a minute.

create table roster_org (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  name text,
  type text,
  identifier text,
  parent_sourced_id text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_org');
grant select, insert, update, delete on roster_org to gatehouse_app;

create table roster_session (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  title text,
  type text,
  start_date date,
  end_date date,
  parent_sourced_id text,
  school_year text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_session');
grant select, insert, update, delete on roster_session to gatehouse_app;

create table roster_course (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  school_year_sourced_id text,
  title text,
  course_code text,
  grades text[],
  org_sourced_id text,
  subjects text[],
  subject_codes text[],
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_course');
grant select, insert, update, delete on roster_course to gatehouse_app;

create table roster_class (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  title text,
  grades text[],
  course_sourced_id text,
  class_code text,
  class_type text,
  location text,
  school_sourced_id text,
  term_sourced_ids text[],
  subjects text[],
  subject_codes text[],
  periods text[],
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_class');
grant select, insert, update, delete on roster_class to gatehouse_app;

create table roster_user (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  enabled_user boolean,
  username text,
  user_ids text[],
  given_name text,
  family_name text,
  middle_name text,
  identifier text,
  email text,
  sms text,
  phone text,
  agent_sourced_ids text[],
  grades text[],
  user_master_identifier text,
  preferred_given_name text,
  preferred_middle_name text,
  preferred_family_name text,
  primary_org_sourced_id text,
  pronouns text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_user');
grant select, insert, update, delete on roster_user to gatehouse_app;

create table roster_role (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  user_sourced_id text,
  role_type text,
  role text,
  begin_date date,
  end_date date,
  org_sourced_id text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_role');
grant select, insert, update, delete on roster_role to gatehouse_app;

create table roster_enrollment (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  class_sourced_id text,
  school_sourced_id text,
  user_sourced_id text,
  role text,
  "primary" boolean,
  begin_date date,
  end_date date,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_enrollment');
grant select, insert, update, delete on roster_enrollment to gatehouse_app;

create table roster_demographics (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  birth_date date,
  sex text,
  american_indian_or_alaska_native boolean,
  asian boolean,
  black_or_african_american boolean,
  native_hawaiian_or_other_pacific_islander boolean,
  white boolean,
  demographic_race_two_or_more_races boolean,
  hispanic_or_latino_ethnicity boolean,
  country_of_birth_code text,
  state_of_birth_abbreviation text,
  city_of_birth text,
  public_school_residence_status text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_demographics');
grant select, insert, update, delete on roster_demographics to gatehouse_app;

create table roster_category (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  title text,
  weight numeric,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_category');
grant select, insert, update, delete on roster_category to gatehouse_app;

create table roster_line_item (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  title text,
  description text,
  assign_date date,
  due_date date,
  class_sourced_id text,
  category_sourced_id text,
  academic_session_sourced_id text,
  result_value_min numeric,
  result_value_max numeric,
  school_sourced_id text,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_line_item');
grant select, insert, update, delete on roster_line_item to gatehouse_app;

create table roster_result (
  tenant_id uuid not null, connection_id uuid not null, sourced_id text not null,
  line_item_sourced_id text,
  student_sourced_id text,
  score_status text,
  score numeric,
  score_date date,
  comment text,
  text_score text,
  class_sourced_id text,
  in_progress boolean,
  incomplete boolean,
  late boolean,
  missing boolean,
  metadata jsonb, content_hash bigint not null, created_run integer not null, changed_run integer not null,
  part integer not null, line integer not null, changed_at timestamptz not null, removed_at timestamptz,
  primary key (tenant_id, connection_id, sourced_id)
);
call protect_tenant_table('roster_result');
grant select, insert, update, delete on roster_result to gatehouse_app;

-- Without the tenant, whose the connection is alone: each column of a key costs a first load of ten million rows seconds.
create index roster_class_of_school on roster_class (connection_id, school_sourced_id);
create index roster_role_of_user on roster_role (connection_id, user_sourced_id);
create index roster_enrollment_of_class on roster_enrollment (connection_id, class_sourced_id);
create index roster_enrollment_of_user on roster_enrollment (connection_id, user_sourced_id);
create index roster_result_of_line_item on roster_result (connection_id, line_item_sourced_id);

-- What is gone goes for good after its days of grace: it is found without reading all that is there.
create index roster_org_removed on roster_org (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_session_removed on roster_session (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_course_removed on roster_course (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_class_removed on roster_class (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_user_removed on roster_user (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_role_removed on roster_role (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_enrollment_removed on roster_enrollment (tenant_id, connection_id, removed_at)
  where removed_at is not null;
create index roster_demographics_removed on roster_demographics (tenant_id, connection_id, removed_at)
  where removed_at is not null;
create index roster_category_removed on roster_category (tenant_id, connection_id, removed_at) where removed_at is not null;
create index roster_line_item_removed on roster_line_item (tenant_id, connection_id, removed_at)
  where removed_at is not null;
create index roster_result_removed on roster_result (tenant_id, connection_id, removed_at) where removed_at is not null;

-- A million rows that come at once stand in a table of their own, an annex of the entity's table: it is filled first and
-- indexed then, which takes three fifths of the time that adding them to indexed tables does. It inherits from the entity's
-- table, under whose row security it is read and written like the rest. All rows of a connection stand in its annex or none,
-- so that what is unique there is unique for the connection. Attaching it locks no reader and no writer out.
create function open_roster_annex(target text, connection uuid) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  annex constant text := format('%s_%s', target, replace(connection::text, '-', ''));
  is_taken boolean;
begin
  if target not in ('roster_enrollment', 'roster_result') or not exists (
    select from roster_source s where s.tenant_id = tenant and s.connection_id = connection)
  then
    raise exception 'No annex of % for this connection', target using errcode = 'insufficient_privilege';
  end if;
  execute format('select exists (select from %I where tenant_id = $1 and connection_id = $2)', target)
    into is_taken using tenant, connection;
  -- Each makes every question to the entity's table, whosever rows it asks for, 7 µs longer.
  if is_taken or (select count(*) >= 16 from pg_inherits where inhparent = target::regclass) then
    return null;
  end if;
  execute format('create table %I (like %I including defaults including constraints,
    check (tenant_id = %L and connection_id = %L))', annex, target, tenant, connection);
  execute format('call protect_tenant_table(%L)', annex);
  execute format('grant select, insert, update on %I to gatehouse_staging', annex);
  return annex;
end $$;

-- Its indexes name the connection last, where it costs their making least, and spares others that look in a row that is not
-- theirs; they need no tenant.
create function attach_roster_annex(target text, connection uuid) returns void
  language plpgsql security definer set search_path = public, pg_temp set maintenance_work_mem = '192MB' as $$
declare
  annex constant text := format('%s_%s', target, replace(connection::text, '-', ''));
  entry record;
begin
  for entry in
    select i.indisprimary as is_key, ' where ' || pg_get_expr(i.indpred, i.indrelid) as condition,
      (select string_agg(quote_ident(a.attname), ', ' order by a.attname = 'connection_id', k.place)
        from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where a.attname <> 'tenant_id') as columns
    from pg_index i where i.indrelid = target::regclass order by i.indexrelid
  loop
    execute case when entry.is_key then format('alter table %I add primary key (%s)', annex, entry.columns)
      else format('create index on %I (%s)%s', annex, entry.columns, entry.condition) end;
  end loop;
  execute format('alter table %I inherit %I', annex, target);
end $$;
revoke execute on function open_roster_annex(text, uuid), attach_roster_annex(text, uuid) from public;
grant execute on function open_roster_annex(text, uuid), attach_roster_annex(text, uuid) to gatehouse_staging;
