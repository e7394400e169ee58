-- Old tries of registration are looked for by when they ended.
create index lti_registration_attempt_ended on lti_registration_attempt (ended_at);

-- As before, with what operators' sessions, links and tries leave behind, and tries of registration that ended long ago.
create or replace function purge_expired(most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  target text;
  condition text;
  purged integer;
  total integer := 0;
begin
  -- A session idles at most until it ends.
  update session set ended_at = idle_until, ended_by = case when idle_until < ends_at then 'idle' else 'expired' end
  where ctid = any (array(
    select ctid from session where ended_at is null and idle_until < now() limit most for update skip locked));
  get diagnostics total = row_count;
  for target, condition in values
    ('lti_login', 'expires_at < now()'), ('hub_login', 'expires_at < now()'), ('lti_hint', 'expires_at < now()'),
    ('lti_waiting_launch', 'expires_at < now()'), ('tool_assertion', 'expires_at < now()'),
    ('lms_access_token', 'expires_at < now()'), ('sign_in_request', 'expires_at < now()'),
    ('used_once', 'expires_at < now()'), ('sign_in_attempt', 'window_ends_at < now()'),
    ('lti_deep_link', 'expires_at < now()'), ('operator_attempt', 'expires_at < now()'),
    ('operator_oidc_request', 'expires_at < now()'),
    ('operator_session', 'ends_at < now() - interval ''30 days'''),
    ('operator_link', 'expires_at < now() - interval ''13 months'''),
    ('session', 'ends_at < now() - interval ''30 days'''),
    ('lti_registration_attempt', 'ended_at < now() - interval ''13 months'''),
    ('sign_in', 'sign_in_id < uuid_floor(now() - interval ''13 months'') and copied')
  loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where %2$s limit $1 for update skip locked))', target, condition) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $$;
