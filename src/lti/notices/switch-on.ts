import type { TenantTx } from '../../platform/db.ts';
import { enableToolWithPolicy } from '../../privacy/policies.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { listHandlers } from './handler-store.ts';
import { understoodTypes } from './notice-types.ts';
import { askSourcesAgain } from './source-store.ts';

/**
 * Switches a tool on for the tenant as `enableToolWithPolicy`, which says what it takes and throws. A tool that was on before may
 * want notices that LMSs were not asked for while it was off: they are asked now.
 */
export async function switchToolOn(
  tx: TenantTx,
  input: Parameters<typeof enableToolWithPolicy>[1],
  by: ChangeBy,
): Promise<EnabledTool> {
  const enabled = await enableToolWithPolicy(tx, input, by);
  const wanted = (await listHandlers(tx, enabled.tool.toolId)).map(({ type }) => type);
  const types = wanted.filter((type) => !understoodTypes.includes(type));
  await askSourcesAgain(tx, types, { which: 'all', now: new Date(by.now) });
  return enabled;
}
