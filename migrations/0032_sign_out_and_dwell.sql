-- Since when a new integration would be in its stage had it been there at one stretch: the moment it was entered last, less all
-- that it spent there before. The order by it is the order by time in the stage, at whatever moment it is asked for.
alter table onboarding add column in_stage_since timestamptz;
grant select (in_stage_since) on onboarding to gatehouse_rollup;

with entry as (
  select e.tenant_id, e.onboarding_id, e.stage, extract(epoch from e.at) as began,
    extract(epoch from lead(e.at) over each) as ended, last_value(e.stage) over each as last
  from onboarding_event e join onboarding o using (tenant_id, onboarding_id)
  where o.ended_at is null
  window each as (partition by e.tenant_id, e.onboarding_id order by e.event_no
    rows between unbounded preceding and unbounded following)),
since as (
  select tenant_id, onboarding_id, to_timestamp(max(began) filter (where ended is null)
    - coalesce(sum(greatest(0, ended - began)) filter (where stage = last), 0)) as at
  from entry group by tenant_id, onboarding_id)
update onboarding o set in_stage_since = s.at
from since s where s.tenant_id = o.tenant_id and s.onboarding_id = o.onboarding_id;

-- What the other side calls whoever came to the console by it, and its own session (SHA-256 of each): by these names it says that
-- they have signed out there (SAML Core 2.0 §3.7; OpenID Connect Back-Channel Logout 1.0 §2.4). They are few enough of an owner
-- to be looked through by the index of open sessions. This comes last: nobody signs in while it is locked.
alter table operator_session
  add column partner_name_hash bytea check (octet_length(partner_name_hash) = 32),
  add column partner_index_hash bytea check (octet_length(partner_index_hash) = 32);

alter table operator_session drop constraint operator_session_ended_by_check;
alter table operator_session add constraint operator_session_ended_by_check
  check (ended_by in ('operator', 'revoked', 'rotated', 'change', 'partner'));
