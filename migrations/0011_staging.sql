-- Where rosters are loaded and compared before they touch the canonical one. COPY FROM is refused under row security, so
-- these tables have none: they are of no tenant but of the run that holds their place, only gatehouse_staging reaches
-- them, and the program serves requests as another role. A run takes a whole place, a schema of its own, so that no
-- statement can name another's tables: the place is chosen once a transaction, by search_path.

create schema staging;

-- Logged, so that after a crash it is known what ought to be in the unlogged tables.
create table staging.place (
  place integer primary key,
  tenant_id uuid,
  run_id uuid,
  -- Who works on the run: whoever did so before, and was thought dead, finds no place any more.
  holder uuid,
  taken_at timestamptz,
  -- Entities that came in pages: a source that changes while it is paged through can give a row twice and another never.
  paged text[] not null default '{}',
  -- Rows of the comparison, by which their loss is noticed.
  compared jsonb,
  -- What was written into the roster, in the transaction that wrote it: asked again, the same is answered.
  applied jsonb,
  unique (tenant_id, run_id),
  check ((run_id is null) = (tenant_id is null) and (run_id is null) = (holder is null))
);

do $$
declare
  place integer;
  schema text;
  target text;
  entity text;
  columns text;
begin
  for place in 1..6 loop
    insert into staging.place (place) values (place);
    schema := 'staging_' || place;
    execute format('create schema %I', schema);
    foreach target in array array['org', 'session', 'course', 'class', 'user', 'role', 'enrollment', 'demographics',
      'category', 'line_item', 'result']
    loop
      -- Everything is text here, and the columns are those of the canonical table.
      select string_agg(format('%I text', attname), ', ' order by attnum) into columns from pg_attribute
        where attrelid = ('roster_' || target)::regclass and attnum > 0 and not attisdropped
          and attname not in ('tenant_id', 'connection_id', 'sourced_id', 'metadata', 'content_hash', 'created_run',
            'changed_run', 'part', 'line', 'changed_at', 'removed_at');
      -- Nobody vacuums them: they are emptied within the hour, and meanwhile it would only be in the way.
      -- As the source gave it. CSV text that is copied as it came does not name its part: the transaction does.
      execute format('create unlogged table %I.%I (part integer default current_setting(''gatehouse.part'')::integer,
        line integer, sourced_id text, status text, date_last_modified text, %s, metadata text) with (autovacuum_enabled = off)',
        schema, 'staged_' || target, columns);
      -- What is new or different from the roster, mended as far as it can be; `place` is where it was read where that is
      -- all of a first load's.
      execute format('create unlogged table %I.%I (part integer, line integer, sourced_id text, %s, metadata text,
        content_hash bigint, action text, is_odd boolean, is_trimmed boolean, school_before text, place tid) with (autovacuum_enabled = off)',
        schema, 'fresh_' || target, columns);
    end loop;
    -- Entities that are loaded for the first time: all rows are new, and those that need no mending stay where they were
    -- read.
    execute format('create unlogged table %I.direct (entity text)', schema);
    -- What the roster has and the source no more; `told` where the source says so rather than leaving it out.
    execute format('create unlogged table %I.gone (entity text, sourced_id text, school text, told boolean)', schema);
    -- What belongs to the shared schools, where not all are shared.
    execute format('create unlogged table %I.scope (entity text, sourced_id text)', schema);
    -- Rows of one sourcedId that was offered more than once; the first of each counts.
    execute format('create unlogged table %I.twin (part integer, line integer, sourced_id text, rank bigint,
      leaves boolean, is_alike boolean, is_again boolean)', schema);
    -- References of the column under examination that lead nowhere.
    execute format('create unlogged table %I.orphan (part integer, line integer, sourced_id text, refers_to text)', schema);
    execute format('grant usage on schema %I to gatehouse_staging, gatehouse_backup', schema);
    execute format('grant select, insert, update, delete, truncate on all tables in schema %I to gatehouse_staging', schema);
    -- What is due to be written: of a first load also what stays where it was read.
    for target, entity in select * from (values ('org', 'orgs'), ('session', 'academicSessions'), ('course', 'courses'),
      ('class', 'classes'), ('user', 'users'), ('role', 'roles'), ('enrollment', 'enrollments'),
      ('demographics', 'demographics'), ('category', 'categories'), ('line_item', 'lineItems'), ('result', 'results')) e
    loop
      select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
        where attrelid = (schema || '.staged_' || target)::regclass and attnum > 0
          and attname not in ('status', 'date_last_modified');
      execute format('create view %1$I.%2$I as
        select %5$s, content_hash, action, school_before from %1$I.%3$I
        union all
        select %5$s, null, ''create'', null from %1$I.%4$I s
          where (select exists (select from %1$I.direct where entity = %6$L))
            and not exists (select from %1$I.%3$I f where f.place = s.ctid)',
        schema, 'due_' || target, 'fresh_' || target, 'staged_' || target, columns, entity);
      execute format('grant select on %I.%I to gatehouse_staging', schema, 'due_' || target);
    end loop;
  end loop;
end $$;

grant usage on schema staging to gatehouse_staging, gatehouse_backup;
grant select, update on staging.place to gatehouse_staging;

-- Comparing and writing a roster is one statement over staging and roster, hence one role. In the roster, row security
-- binds it to the tenant of its transaction as it does the program.
grant usage on schema public to gatehouse_staging;
grant select, insert, update on roster_org, roster_session, roster_course, roster_class, roster_user, roster_role,
  roster_enrollment, roster_demographics, roster_category, roster_line_item, roster_result to gatehouse_staging;
grant select on roster_override to gatehouse_staging;
grant select, insert, delete on roster_change, sync_finding to gatehouse_staging;
grant select, insert on sync_run_part to gatehouse_staging;
-- A place whose run has ended is free, whosever it was.
call let_role_read_all('sync_run', 'gatehouse_staging');
grant select (tenant_id, run_id, ended_at) on sync_run to gatehouse_staging;
