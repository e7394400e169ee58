import { z } from 'zod';
import { connectionStates } from '../../contracts/http/tenants.ts';
import { sql } from '../platform/sql/sql.ts';

export const connectionState = z.enum(connectionStates);

/** Tables that say how a connection `c` of any kind stands. */
export const stateJoins = sql`
  left join roster_source s on s.tenant_id = c.tenant_id and s.connection_id = c.connection_id
  left join identity_source n on n.tenant_id = c.tenant_id and n.connection_id = c.connection_id
  left join lti_registration l on l.tenant_id = c.tenant_id and l.connection_id = c.connection_id`;

/** How the connection `c` stands. One through a hub-wide registration is off where every deployment of it is. */
export const stateColumn = sql`coalesce(s.status, n.status, l.status,
  case when c.kind = 'lms' and not exists (select from lti_deployment d where d.tenant_id = c.tenant_id
    and d.connection_id = c.connection_id and d.status = 'active') then 'disabled' else 'active' end)`;
