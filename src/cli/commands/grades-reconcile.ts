import type { ConnectionId } from '../../../contracts/ids.ts';
import { gradeReasons } from '../../grades/reasons.ts';
import {
  dueForComparison,
  listComparableConnections,
  listDrift,
  type Reconciliation,
  reconcileConnection,
} from '../../grades/reconcile.ts';
import type { Command } from '../command.ts';
import { instant, table } from '../layout.ts';
import { checkConnection } from './grades-filter.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

/** Most persons' results that are listed. */
const longest = 500;

export const gradesReconcile: Command = {
  name: 'grades reconcile',
  about: 'Read results back from the LMS and compare them with what was delivered; what differs is listed',
  options: {
    ...tenantOption,
    connection: { value: 'id', about: 'Over this connection only' },
    'known-only': { about: 'Ask no LMS: list what was found before' },
  },
  examples: ['grades reconcile --tenant northfield', 'grades reconcile --tenant northfield --known-only'],
  async run({ values, io, open }) {
    const connectionId = values.optionalId<ConnectionId>('connection');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, (tx) => checkConnection(tx, connectionId));
    const connections = values.flag('known-only')
      ? []
      : await hub.db.withTenant(tenantId, (tx) =>
          listComparableConnections(tx, dueForComparison(io.clock.now())),
        );
    const runs: (Reconciliation & { connectionId: ConnectionId })[] = [];
    for (const each of connections) {
      if (connectionId !== undefined && each !== connectionId) continue;
      // What the log would be told, the answer tells.
      const log = { warn: () => undefined };
      const services = { db: hub.db, clock: io.clock, log, destination: await hub.gradeDestination() };
      runs.push({ connectionId: each, ...(await reconcileConnection(services, tenantId, each)) });
    }
    const drift = await hub.db.withTenant(tenantId, (tx) => listDrift(tx, { connectionId, limit: longest }));
    const rows = drift.map((line) => [
      line.lineItemId,
      line.personId,
      line.drift,
      instant(line.comparedAt.getTime()),
    ]);
    const list = table(
      ['LINE ITEM', 'PERSON', 'AT THE LMS', 'COMPARED'],
      rows,
      'No result is known to differ from what was delivered.',
    );
    return { json: { runs, drift }, text: [...runs.map(tell), list].join('\n\n') };
  },
};

function tell(run: Reconciliation & { connectionId: ConnectionId }): string {
  const { connectionId, compared, differs, missing, unreadable, fault } = run;
  if (fault !== undefined) return `${connectionId}: nothing was read. ${gradeReasons[fault].happened}`;
  const unread = unreadable === 0 ? '' : ` ${unreadable} line items could not be read.`;
  return `${connectionId}: ${compared} results compared, ${differs} differ, ${missing} missing.${unread}`;
}
