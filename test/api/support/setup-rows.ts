import type { TenantId } from '../../../contracts/ids.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import type { TestDatabase } from '../../support/database.ts';

/** A tool that is on at a school, so that there is something to agree to. @returns its short name */
export async function addSharedTool(
  { database }: Pick<TestDatabase, 'database'>,
  tenantId: TenantId,
  now: number,
): Promise<string> {
  const slug = 'shared';
  const by = { actor: 'test', now };
  const origin = 'https://shared.example';
  const settings = {
    ...{ slug, name: 'Shared', loginInitiationUrl: `${origin}/login`, targetLinkUri: `${origin}/` },
    redirectUris: [`${origin}/launch`],
  };
  const { toolId } = await database.withHub((tx) => registerTool(tx, settings, { allowLoopback: false }, by));
  await database.withTenant(tenantId, (tx) => enableToolWithPolicy(tx, { toolId, template: 'names' }, by));
  return slug;
}
