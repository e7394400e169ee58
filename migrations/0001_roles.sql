-- Roles and the one form of tenant isolation. Everything after this file runs as gatehouse_migrator.
-- Roles belong to the whole cluster, so they may exist already from another database of the same server.
do $$
declare
  wanted text;
begin
  -- "staging" is made ahead: bulk loads of rosters will go through tables of its own, since COPY FROM is refused under
  -- row security. It may do nothing yet.
  foreach wanted in array array['migrator', 'app', 'directory', 'rollup', 'staging', 'auditor', 'backup'] loop
    begin
      execute format('create role gatehouse_%s nologin', wanted);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
  -- Under FORCE a back-fill by a plain owner would silently touch no row.
  if exists (select from pg_roles where rolname in ('gatehouse_migrator', 'gatehouse_backup') and not rolbypassrls) then
    alter role gatehouse_migrator bypassrls;
    alter role gatehouse_backup bypassrls;
  end if;
  foreach wanted in array array['migrator', 'app', 'directory', 'rollup', 'staging', 'auditor'] loop
    if not (select rolsuper from pg_roles where rolname = current_user) then
      execute format('grant gatehouse_%s to %I', wanted, current_user);
    end if;
  end loop;
  execute format('grant create, connect, temporary on database %I to gatehouse_migrator', current_database());
end $$;

grant usage, create on schema public to gatehouse_migrator;
grant usage on schema public to gatehouse_app, gatehouse_directory, gatehouse_rollup, gatehouse_auditor, gatehouse_backup;
grant select on schema_migration to gatehouse_app, gatehouse_migrator, gatehouse_backup;
