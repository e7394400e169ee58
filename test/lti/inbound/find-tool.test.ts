import { expect, test } from 'vitest';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { findTool } from '../../../src/lti/inbound/find-tool.ts';
import type { EnabledTool } from '../../../src/tools/tool.ts';

const tenantId = 'tenant' as TenantId;
const [lms, other] = ['lms' as ConnectionId, 'other LMS' as ConnectionId];
const quiz = {
  tool: { toolId: 'quiz', slug: 'quiz', targetLinkUri: 'https://quiz.example/' },
} as EnabledTool;
const item = {
  itemId: 'i',
  toolId: 'quiz',
  connectionId: lms,
  url: 'https://quiz.example/7',
  custom: { level: '3' },
};
const find = (connectionId: ConnectionId, found: object | undefined = item) =>
  findTool(
    { contentItems: { find: async () => found as never } },
    tenantId,
    [quiz],
    { toolSlug: 'quiz', to: undefined, item: 'i' } as never,
    connectionId,
  );

test('a link leads to where its tool has said, in the LMS that it was made in', async () => {
  expect(await find(lms)).toMatchObject({ ok: true, target: item.url, itemCustom: item.custom });
});

test.each([
  ['in another LMS of the school', other, item],
  ['of another tool', lms, { ...item, toolId: 'essay' }],
] as const)('a link %s leads nowhere', async (_what, connectionId, found) => {
  expect(await find(connectionId, found)).toEqual({ ok: false, reason: 'target_unknown' });
});

test('a link that nobody has made leads nowhere', async () => {
  const nobody = { find: async () => undefined };
  const target = { toolSlug: 'quiz', to: undefined, item: 'i' } as never;
  expect(await findTool({ contentItems: nobody }, tenantId, [quiz], target, lms)).toEqual({
    ok: false,
    reason: 'target_unknown',
  });
});
