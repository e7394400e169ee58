import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { RegistrationId } from '../../../contracts/ids.ts';
import {
  connectLmsHubWide,
  getHubRegistration,
  listHubRegistrations,
  updateHubRegistration,
} from '../../connections/hub-registrations.ts';
import type { HubRegistration } from '../../connections/registration.ts';
import { addressesForLms } from '../../lti/addresses.ts';
import type { HubTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { listTools } from '../../tools/tools.ts';
import type { Handlers } from '../router.ts';
import type { ToolServices } from '../tools/tool-handlers.ts';
import { readGiven } from './given.ts';
import { showHubRegistration } from './shown.ts';

type HubLmsEndpoint = 'listHubLms' | 'connectHubLms' | 'showHubLms' | 'updateHubLms';

/** What is done for the endpoints about vendors with which the hub is registered once for all their schools. */
export function hubLmsHandlers(
  services: ToolServices,
): Pick<Handlers<typeof consoleEndpoints>, HubLmsEndpoint> {
  const { db, baseUrl } = services;
  const show = (read: (tx: HubTx) => Promise<HubRegistration>) =>
    db.withHub(async (tx) => {
      const registration = showHubRegistration(await read(tx));
      const tools = (await listTools(tx)).filter(({ status }) => status === 'active');
      const slugs = tools.map(({ slug }) => slug);
      return { registration, forLms: addressesForLms({ baseUrl, tenantSlug: undefined }, slugs) };
    });
  return {
    listHubLms: async () => ({
      registrations: (await db.withHub(listHubRegistrations)).map(showHubRegistration),
    }),
    connectHubLms: ({ body: { family, clientId, ...body }, by }) =>
      show((tx) => connectLmsHubWide(tx, { family, ...readGiven(body), clientId }, services, by)),
    showHubLms: ({ params }) => show((tx) => getHubRegistration(tx, params.registrationId as RegistrationId)),
    updateHubLms: ({ params, body: { status, ...body }, by }) => {
      const changes = { ...readGiven(body), ...defined({ status }) };
      const registrationId = params.registrationId as RegistrationId;
      return show((tx) => updateHubRegistration(tx, registrationId, changes, services, by));
    },
  };
}
