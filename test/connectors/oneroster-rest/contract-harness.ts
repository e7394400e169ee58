import { oneRosterRest } from '../../../connectors/oneroster-rest/index.ts';
import type { SourceRow } from '../../../contracts/connector.ts';

import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { consumer, startSis } from '../../demo/sis/support/running-sis.ts';
import type { Rows } from '../../support/small-roster.ts';
import type { Faults, Harness, SimulatedSource } from '../contract/harness.ts';

const entity = 'enrollments';
const pageSize = 25;

/** OneRoster REST of a version, with the sign-in that is usual for it. */
function restHarness(version: '1.1' | '1.2'): Harness {
  const auth = version === '1.1' ? 'oauth1-sha256' : 'oauth2';
  const settingsFor = (baseUrl: string, tokenUrl: string) => ({
    baseUrl,
    version,
    auth,
    ...consumer,
    ...(version === '1.2' && { tokenUrl }),
    overlapMinutes: 0,
  });

  async function start(rows: Rows): Promise<SimulatedSource> {
    let now = Date.now();
    const sis = await startSis({ source: rowsOf(rows), now: () => now });
    return {
      settings: { ...settingsFor(sis.baseUrl, sis.tokenUrl), pageSize },
      secrets: [consumer.clientSecret, encodeURIComponent(consumer.clientSecret)],
      // Roles are made out of users.
      ids: (of) => (of === 'roles' ? undefined : sis.shelves.rows(of).map(({ sourcedId }) => sourcedId)),
      put: (of, row) => sis.shelves.put(of, row),
      remove: (of, sourcedId) => sis.shelves.remove(of, sourcedId),
      setTime: (time) => {
        now = time;
      },
      disturb({ answer, mostRows = 10_000, omitsTotals = false, repeatsPage }: Faults) {
        sis.faults.clear();
        Object.assign(sis.modes, { mostRows, totals: !omitsTotals, links: !omitsTotals });
        if (repeatsPage !== undefined)
          sis.faults.add({ kind: 'repeat' }, { list: entity, after: repeatsPage });
        if (!answer) return;
        const { afterPages: after, times = Number.POSITIVE_INFINITY, ...said } = answer;
        sis.faults.add({ kind: 'answer', ...said }, { list: entity, after, times });
      },
    };
  }

  return {
    name: `oneroster-rest ${version}`,
    connector: oneRosterRest,
    transport: 'pages',
    entity,
    start,
    async startLarge(count) {
      const sis = await startSis({ source: { rows: (of) => (of === entity ? manyRows(count) : []) } });
      // The source's own rows are no memory of the connector.
      sis.shelves.sorted(entity);
      return { settings: { ...settingsFor(sis.baseUrl, sis.tokenUrl), pageSize: 1_000 } };
    },
    badSettings: [
      {
        what: 'a wrong secret',
        change: { clientSecret: 'wrong' },
        failure: 'settings',
        code: 'credentials_refused',
      },
      {
        what: 'an address inside the network',
        change: { baseUrl: 'https://10.0.0.1/', tokenUrl: 'https://10.0.0.1/token' },
        failure: 'settings',
        code: 'outbound_address_refused',
      },
      {
        what: 'an address of another version',
        change: { baseUrl: 'https://sis.example/ims/oneroster/v1p3' },
        failure: 'settings',
        code: 'version_mismatch',
      },
    ],
    earlierSettings: [
      {
        vendor: 'generic',
        baseUrl: 'https://sis.example/',
        version,
        auth,
        clientId: 'key',
        clientSecret: 'secret',
        tokenUrl: 'https://sis.example/token',
        overlapMinutes: 5,
      },
    ],
  };
}

export const oneRosterRestHarnesses: readonly Harness[] = [restHarness('1.1'), restHarness('1.2')];

function* manyRows(count: number): Iterable<SourceRow> {
  for (let index = 0; index < count; index += 1) {
    const key = String(index).padStart(9, '0');
    const values = {
      classSourcedId: 'class',
      schoolSourcedId: 'school',
      userSourcedId: `user-${key}`,
      role: 'student',
    };
    yield {
      sourcedId: `enrollment-${key}`,
      status: 'active',
      dateLastModified: '2026-08-01T00:00:00.000Z',
      values,
    };
  }
}
