-- What people at the console look for over all institutions, and in long lists of one.

-- The list of institutions, with their new integrations and incidents beside them.
call let_role_read_all('tenant', 'gatehouse_rollup');
grant select (tenant_id, slug, name, status, created_at) on tenant to gatehouse_rollup;

-- Who is connected to a partner, by which connector, and who uses a tool.
grant select (kind) on connection to gatehouse_rollup;
grant select (connector) on roster_source to gatehouse_rollup;
grant select (run_no) on sync_run to gatehouse_rollup;
call let_role_read_all('lti_registration', 'gatehouse_rollup');
grant select (tenant_id, connection_id, status) on lti_registration to gatehouse_rollup;
call let_role_read_all('lti_deployment', 'gatehouse_rollup');
grant select (tenant_id, connection_id, status) on lti_deployment to gatehouse_rollup;
call let_role_read_all('tool_enablement', 'gatehouse_rollup');
grant select (tenant_id, tool_id, status) on tool_enablement to gatehouse_rollup;
-- Those of one partner or of one tool, among all institutions.
create index connection_of_partner on connection (partner, connection_id);
create index tool_enablement_of_tool on tool_enablement (tool_id, tenant_id);

-- Launches that failed are rare among those that did not, and are what is looked for.
create index launch_unsuccessful on launch (tenant_id, launch_id) where outcome <> 'success';
