-- The part of rows that are copied as they came is told once, when a COPY begins, and not for each of ten million rows: the
-- planner works out what is marked immutable beforehand. Nothing but the default below asks it, in no statement that is kept.
create function staging.part() returns integer language plpgsql immutable parallel safe as $$
begin
  return current_setting('gatehouse.part')::integer;
end $$;
revoke execute on function staging.part() from public;
grant execute on function staging.part() to gatehouse_staging;

do $$
declare
  target regclass;
begin
  for target in
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname ~ '^staging_[0-9]+$' and c.relname like 'staged\_%' and c.relkind = 'r'
  loop
    execute format('alter table %s alter column part set default staging.part()', target);
  end loop;
end $$;
