-- Names that the database chooses for indexes begin with as much of the annex's name as there is room for: that of connections
-- made within a moment is the same. Two first loads that were indexed in the same millisecond wanted one name, and one was lost.
create or replace function index_annex(annex text, target text) returns void
  language plpgsql set search_path = public, pg_temp set maintenance_work_mem = '64MB' as $$
declare
  entry record;
  own constant text := 'annex_' || md5(annex);
begin
  for entry in
    select i.indisprimary as is_key, ' where ' || pg_get_expr(i.indpred, i.indrelid) as condition,
      format('%s_%s', own, row_number() over (order by i.indexrelid)) as name,
      (select string_agg(quote_ident(a.attname), ', ' order by a.attname = 'connection_id', k.place)
        from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where a.attname <> 'tenant_id') as columns
    from pg_index i where i.indrelid = target::regclass order by i.indexrelid
  loop
    execute case when entry.is_key
      then format('alter table %I add constraint %I primary key (%s)', annex, entry.name, entry.columns)
      else format('create index %I on %I (%s)%s', entry.name, annex, entry.columns, entry.condition) end;
  end loop;
end $$;
