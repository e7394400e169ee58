import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { approveRun, cancelRun, discardRun, getRun, type SyncServices, undoRun } from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Command } from '../command.ts';
import { runArgument } from './roster-plan.ts';
import { describeRun } from './roster-run.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const reason = {
  reason: { value: 'text', about: 'Why, for the audit trail and for who asks later', required: true },
} as const;

type Decide = (sync: SyncServices, tenantId: TenantId, runId: RunId, by: ChangeBy) => Promise<unknown>;

function decision(verb: string, about: string, why: string, decide: Decide): Command {
  return {
    name: `roster ${verb}`,
    about,
    arguments: [runArgument],
    options: { ...tenantOption, ...reason },
    examples: [`roster ${verb} 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --reason "${why}"`],
    async run({ values, open }) {
      const runId = values.id<RunId>('run');
      const { hub, by } = await open();
      const { tenantId } = await getNamedTenant(hub, values);
      await decide(await hub.sync(), tenantId, runId, by);
      const run = await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
      return { json: { run }, text: describeRun(run) };
    },
  };
}

export const rosterApprove = decision(
  'approve',
  'Let a plan that is held be applied',
  'The school has closed',
  approveRun,
);

export const rosterDiscard = decision(
  'discard',
  'Give up a plan: nothing of it is applied',
  'The export was cut short',
  discardRun,
);

export const rosterCancel = decision(
  'cancel',
  'End a run that is under way',
  'Started by mistake',
  cancelRun,
);

export const rosterUndo = decision(
  'undo',
  'Put the roster back as it was before a run was applied',
  'It was last year’s export',
  undoRun,
);
