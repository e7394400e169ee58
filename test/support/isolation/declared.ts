/** Tables that belong to no tenant, and why. */
export const withoutTenant: Record<string, string> = {
  tool: 'A tool is registered once with the hub, for all its tenants.',
  hub_registration: 'One client_id for all schools: the partner’s public facts.',
  hub_login: 'A login whose school is not known before its token is verified.',
  tool_assertion: 'An assertion a tool has used: tools are of no tenant.',
  hub_deployment_claim: 'A deployment nobody has claimed yet is no school’s.',
  schema_migration: 'Which migrations were applied.',
  partitioned_table: 'Which tables are kept in monthly parts.',
};

export const rosterTables = [
  'roster_category',
  'roster_class',
  'roster_course',
  'roster_demographics',
  'roster_enrollment',
  'roster_line_item',
  'roster_org',
  'roster_result',
  'roster_role',
  'roster_session',
  'roster_user',
];

/** Tables of no tenant but of the run that holds their place (migrations/0011_staging.sql). */
export const isPlace = (name: string) => /^staging_\d\./.test(name);

/** Roles besides the program’s own, and all they may do. */
export const narrowRoles: Record<string, string[]> = {
  gatehouse_directory: [
    'select data_key (tenant_id, version, wrapping_key)',
    'select lti_deployment (connection_id, deployment_id, hub_registration_id, status, tenant_id)',
    'select tenant (locale, name, slug, status, tenant_id)',
  ],
  gatehouse_rollup: [
    'insert exchange',
    'insert exchange_attempt',
    'select connection (connection_id, partner, tenant_id)',
    'select exchange',
    'select exchange_attempt',
    'select grade_attempt',
    'select grade_delivery (accepted_at, attempts, connection_id, copied, delivery_id, ended_at, outcome, reason, state, tenant_id, tool_id)',
    'select grade_line (connection_id, due_at, lease_until, tenant_id)',
    'select grade_route (blocked_until, connection_id, state, tenant_id)',
    'select identity_certificate (connection_id, fingerprint, not_after, state, tenant_id)',
    'select identity_metadata (connection_id, refresh_at, tenant_id)',
    'select identity_source (connection_id, protocol, status, tenant_id)',
    'select launch',
    'select lti_hint (expires_at, launch_id, tenant_id)',
    'select lti_waiting_launch (expires_at, launch_id, tenant_id)',
    'select partitioned_table',
    'select roster_source (connection_id, next_run_at, status, tenant_id)',
    'select sign_in (at, connection_id, copied, is_test, outcome, reason, sign_in_id, tenant_id)',
    'select sync_run (cleared, connection_id, copied, ended_at, expires_at, lease_until, not_before, outcome, reason, requested_at, run_id, started_at, state, tenant_id, tries)',
    'update grade_delivery (copied)',
    'update launch (copied, ended_at, outcome, reason, state)',
    'update sign_in (copied)',
    'update sync_run (copied)',
  ],
  gatehouse_auditor: ['select audit_event'],
  // Compares what was read with a tenant's roster and writes it, bound by the tenant's policy; its own tables stand below.
  gatehouse_staging: [
    ...['roster_change', 'sync_finding'].map((table) => `delete ${table}`),
    ...[...rosterTables, 'roster_change', 'sync_finding', 'sync_run_part'].map((table) => `insert ${table}`),
    ...[...rosterTables, 'roster_change', 'roster_override', 'sync_finding', 'sync_run_part'].map(
      (table) => `select ${table}`,
    ),
    'select staging.place',
    'select sync_run (ended_at, run_id, tenant_id)',
    ...rosterTables.map((table) => `update ${table}`),
    'update staging.place',
  ].sort(),
  public: [],
};

/** The policies besides the one every tenant table has. */
export const widerPolicies = [
  'connection SELECT gatehouse_rollup',
  'data_key SELECT gatehouse_directory',
  'exchange INSERT gatehouse_rollup',
  'exchange SELECT gatehouse_rollup',
  'exchange_attempt INSERT gatehouse_rollup',
  'exchange_attempt SELECT gatehouse_rollup',
  'grade_attempt SELECT gatehouse_rollup',
  'grade_delivery SELECT gatehouse_rollup',
  'grade_delivery UPDATE gatehouse_rollup',
  'grade_line SELECT gatehouse_rollup',
  'grade_route SELECT gatehouse_rollup',
  'identity_certificate SELECT gatehouse_rollup',
  'identity_metadata SELECT gatehouse_rollup',
  'identity_source SELECT gatehouse_rollup',
  'launch SELECT gatehouse_rollup',
  'launch UPDATE gatehouse_rollup',
  'lti_deployment SELECT gatehouse_directory',
  'lti_hint SELECT gatehouse_rollup',
  'lti_waiting_launch SELECT gatehouse_rollup',
  'roster_source SELECT gatehouse_rollup',
  'sign_in SELECT gatehouse_rollup',
  'sign_in UPDATE gatehouse_rollup',
  'sync_run SELECT gatehouse_rollup',
  'sync_run SELECT gatehouse_staging',
  'sync_run UPDATE gatehouse_rollup',
  'tenant SELECT gatehouse_directory',
];

/** Unique keys across tenants, each of which could tell one tenant of another, and why it may. */
export const globalKeys: Record<string, string> = {
  tenant_slug_key: 'A slug is public in every address.',
  lti_deployment_hub_wide:
    'A deployment of a hub-wide registration is one school’s; the error does not say whose.',
};
