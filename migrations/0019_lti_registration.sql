-- Dynamic registration (LTI Dynamic Registration 1.0): one-time invitations to an LMS, which then takes the hub as its
-- tool, and to a tool, which then takes the hub as its platform. What is the hub's own stands under the nil tenant:
-- invitations of tools, and those of an LMS that serves all schools by one registration.
create table lti_invitation (
  tenant_id uuid not null,
  invitation_id uuid not null,
  -- SHA-256 of the token, which is 24 random bytes: nothing to guess, and nobody can send the hash.
  token_hash bytea not null,
  side text not null check (side in ('lms', 'tool')),
  -- Of an LMS its product and the hosts it may have; of a tool its short name and scopes.
  terms jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Tries that have begun, and the one under way: of several at once one goes on, and a crashed one gives way in time.
  attempts integer not null default 0 check (attempts >= 0),
  attempt_id uuid,
  attempt_until timestamptz,
  used_at timestamptz,
  revoked_at timestamptz,
  -- The connection, the hub-wide registration or the tool that came of it.
  made_id uuid,
  primary key (tenant_id, invitation_id),
  unique (tenant_id, token_hash)
);
call protect_tenant_table('lti_invitation');
grant select, insert, update (attempts, attempt_id, attempt_until, used_at, revoked_at, made_id)
  on lti_invitation to gatehouse_app;

-- What came of each try, so that whoever made the invitation sees why it fails.
create table lti_registration_attempt (
  tenant_id uuid not null,
  attempt_id uuid not null,
  invitation_id uuid not null,
  -- What the person was shown, for support.
  reference text not null check (length(reference) between 1 and 40),
  outcome text not null,
  -- A stable code; null after a success.
  reason text check (length(reason) between 1 and 100),
  -- Where the other side said it is; the path may hold a token and stays out.
  host text check (length(host) between 1 and 300),
  -- The status the other side answered with, where that was the reason.
  http_status integer,
  ended_at timestamptz not null,
  primary key (tenant_id, attempt_id),
  foreign key (tenant_id, invitation_id) references lti_invitation
);
create index lti_registration_attempt_of_invitation on lti_registration_attempt (tenant_id, invitation_id, attempt_id);
call protect_tenant_table('lti_registration_attempt');
grant select, insert on lti_registration_attempt to gatehouse_app;
