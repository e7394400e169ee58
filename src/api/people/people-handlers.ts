import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId, PersonId } from '../../../contracts/ids.ts';
import { readmit } from '../../people/erase.ts';
import type { Database } from '../../platform/db.ts';
import { type Erasure, erasePerson, previewErasure } from '../../privacy/erasure.ts';
import { getRoster } from '../../sync/sources/sources.ts';
import type { Handlers } from '../router.ts';
import { erasers } from './erasers.ts';

type PeopleEndpoint = 'previewErasure' | 'erasePerson' | 'readmitPerson';

/** What is done for the endpoints about persons. */
export function peopleHandlers(db: Database): Pick<Handlers<typeof endpoints>, PeopleEndpoint> {
  return {
    previewErasure: async ({ tenant, params, by }) => {
      const personId = params.personId as PersonId;
      return { erasure: show(await previewErasure(db, tenant.tenantId, personId, erasers, by)) };
    },
    erasePerson: async ({ tenant, params, by }) => {
      const personId = params.personId as PersonId;
      return { erasure: show(await erasePerson(db, tenant.tenantId, personId, erasers, by)) };
    },
    readmitPerson: async ({ tenant, params, body: { sourcedId }, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      await db.withTenant(tenant.tenantId, async (tx) => {
        await getRoster(tx, connectionId);
        await readmit(tx, { connectionId, sourcedId }, by);
      });
      return { sourcedId };
    },
  };
}

function show({ personIds, tools, counts }: Erasure) {
  return { personIds, tools, counts: { ...counts } };
}
