import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import type { Deployment } from '../../connections/deployments.ts';
import { listRegistrations } from '../../connections/registrations.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type Command, changing, type OptionSpec } from '../command.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const deploymentOption = {
  deployment: { value: 'id', about: 'The deployment ID, as the LMS shows it', required: true },
} as const;

export const throughOptions = {
  connection: { value: 'id', about: 'The LMS connection; not needed where the tenant has only one' },
  registration: { value: 'id', about: 'Or the hub-wide registration it comes through' },
} as const satisfies Record<string, OptionSpec>;

/**
 * The LMS connection named, or the tenant's only one.
 *
 * @throws DomainError input `connection_ambiguous`, not_found `connection_missing`
 */
export async function chooseConnection(tx: TenantTx, values: Values): Promise<ConnectionId> {
  const named = values.optionalId<ConnectionId>('connection');
  if (named !== undefined) return named;
  const registrations = await listRegistrations(tx);
  const [only] = registrations;
  if (only !== undefined && registrations.length === 1) return only.connectionId;
  if (only === undefined) {
    throw new DomainError(
      'not_found',
      'connection_missing',
      'This tenant has no LMS connection. Begin with: lms connect',
    );
  }
  const ids = registrations.map(({ connectionId, issuer }) => `${connectionId} (${issuer})`).join(', ');
  throw new DomainError(
    'input',
    'connection_ambiguous',
    `This tenant has several LMS connections; say which with --connection: ${ids}`,
  );
}

/** The two use cases by which a deployment becomes a tenant's. */
export interface Tie {
  own(
    tx: TenantTx,
    input: { connectionId: ConnectionId; deploymentId: string },
    by: ChangeBy,
  ): Promise<Deployment>;
  hubWide(
    tx: TenantTx,
    input: { registrationId: RegistrationId; deploymentId: string },
    by: ChangeBy,
  ): Promise<Deployment>;
}

/** The options and the run of a command that makes a deployment the tenant's. */
export function tieDeployment({ own, hubWide }: Tie): Required<Pick<Command, 'options' | 'run'>> {
  return {
    options: { ...tenantOption, ...deploymentOption, ...throughOptions, ...changing },
    async run({ values, open }) {
      const { hub, by } = await open();
      const { tenantId, slug } = await getNamedTenant(hub, values);
      const deploymentId = values.text('deployment');
      const registrationId = values.optionalId<RegistrationId>('registration');
      const deployment = await hub.db.withTenant(tenantId, async (tx) =>
        registrationId === undefined
          ? own(tx, { connectionId: await chooseConnection(tx, values), deploymentId }, by)
          : hubWide(tx, { registrationId, deploymentId }, by),
      );
      return { json: { deployment }, text: `Launches of deployment "${deploymentId}" now go to "${slug}".` };
    },
  };
}
