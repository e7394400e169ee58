import type { RosterWorld } from './roster-world.ts';

/**
 * What is left of runs that have ended, and what their history lacks: numbers without a run, runs that changed rows and do
 * not say how many, leases, places in staging.
 */
export async function findUnfinished({ query }: Pick<RosterWorld, 'query'>): Promise<string[]> {
  const rows = await query<{ what: string }>(`
    with run as (
      select r.*, s.last_run_no from sync_run r join roster_source s using (tenant_id, connection_id)),
    changed as (
      select tenant_id, connection_id, run_no, count(*) filter (where action = 'change') as changed,
        count(*) filter (where action = 'remove') as removed, count(*) filter (where action = 'restore') as restored
      from roster_change group by tenant_id, connection_id, run_no)
    select 'a place of ' || coalesce(run_id::text, '') as what from staging.place where run_id is not null
    union all select 'a lease of ' || run_id from run where lease_token is not null
    union all select 'open: ' || run_no || ' ' || state from run where ended_at is null
    union all select 'not planned: ' || run_no || ' ' || state from run
      where plan is null or planned_at is null or started_at is null
    union all select 'ended as ' || state || ': ' || run_no || ' ' || coalesce(reason, '') from run
      where state not in ('applied', 'undone')
    union all select 'missing runs: ' || min(last_run_no) - count(*) from run group by connection_id
      having min(last_run_no) <> count(*)
    union all select 'other counts than changes: ' || run_no || ' ' || applied from run
      left join changed using (tenant_id, connection_id, run_no)
      where state = 'applied' and (applied ->> 'changed', applied ->> 'removed', applied ->> 'restored') is distinct from
        (coalesce(changed, 0)::text, coalesce(removed, 0)::text, coalesce(restored, 0)::text)
    union all select 'never asked for: ' || run_no from run where not exists (select from audit_event a
      where a.tenant_id = run.tenant_id and a.action = 'roster_run.requested' and a.subject = 'run:' || run.run_id)`);
  return rows.map(({ what }) => what);
}
