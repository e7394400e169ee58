import { type Connector, secretNames, settingsSchema } from '../../../contracts/connector.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import {
  checkRoster,
  connectRoster,
  disableRoster,
  discoverRoster,
  getRoster,
  handOverPackage,
  listRosters,
  pauseRoster,
  resumeRoster,
  type SyncServices,
  updateRoster,
} from '../../sync/sync.ts';
import type { Call, Handlers } from '../router.ts';
import { showRoster } from './shown.ts';

type SourceEndpoint =
  | 'listConnectors'
  | 'listRosters'
  | 'connectRoster'
  | 'showRoster'
  | 'updateRoster'
  | 'pauseRoster'
  | 'resumeRoster'
  | 'disableRoster'
  | 'checkRoster'
  | 'listSchools'
  | 'uploadPackage';
type Endpoints = typeof endpoints;

/** What is done for the endpoints about sources. */
export function sourceHandlers(db: Database, sync: SyncServices): Pick<Handlers<Endpoints>, SourceEndpoint> {
  const changeStatus =
    (change: typeof pauseRoster) =>
    async ({ tenant, params, by }: Call<Endpoints['pauseRoster' | 'resumeRoster' | 'disableRoster']>) => ({
      roster: showRoster(await change(sync, tenant.tenantId, idOf(params), by)),
    });
  return {
    listConnectors: () => ({ connectors: sync.connectors.map(showConnector) }),
    listRosters: async ({ tenant }) => {
      const rosters = await db.withTenant(tenant.tenantId, listRosters);
      return { rosters: rosters.map(showRoster) };
    },
    connectRoster: async ({ tenant, body: { reason: _reason, ...input }, by }) => ({
      roster: showRoster(await connectRoster(sync, tenant.tenantId, input, by)),
    }),
    showRoster: async ({ tenant, params }) => ({
      roster: showRoster(await db.withTenant(tenant.tenantId, (tx) => getRoster(tx, idOf(params)))),
    }),
    updateRoster: async ({ tenant, params, body: { reason: _reason, ...changes }, by }) => ({
      roster: showRoster(await updateRoster(sync, tenant.tenantId, idOf(params), changes, by)),
    }),
    pauseRoster: changeStatus(pauseRoster),
    resumeRoster: changeStatus(resumeRoster),
    disableRoster: changeStatus(disableRoster),
    checkRoster: async ({ tenant, params, body: { uploadId }, signal }) => {
      const options = { uploadId, signal };
      const report = await checkRoster(sync, tenant.tenantId, idOf(params), options);
      const { source, entities, warnings } = report;
      return { source, entities: [...entities], warnings: [...warnings] };
    },
    listSchools: async ({ tenant, params, query: { uploadId }, signal }) => {
      const options = { uploadId, signal };
      const { schools } = await discoverRoster(sync, tenant.tenantId, idOf(params), options);
      return { schools: [...schools] };
    },
    uploadPackage: async ({ tenant, params, query, body, by }) => ({
      uploadId: await handOverPackage(
        sync,
        tenant.tenantId,
        idOf(params),
        { name: query.name, bytes: body },
        by,
      ),
    }),
  };
}

function idOf({ connectionId }: { connectionId: string }): ConnectionId {
  return connectionId as ConnectionId;
}

function showConnector({ id, version, title, capabilities, settings }: Connector) {
  const { entities, delta } = capabilities;
  return {
    id,
    version,
    title,
    entities: [...entities],
    delta,
    settings: settingsSchema(settings),
    secrets: secretNames(settings),
  };
}
