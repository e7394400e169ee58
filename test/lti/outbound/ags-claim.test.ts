import { expect, test } from 'vitest';
import type { ContextId, LineItemId } from '../../../contracts/ids.ts';
import { agsScope, agsScopes } from '../../../contracts/scopes.ts';
import { agsClaim } from '../../../src/lti/outbound/ags-claim.ts';
import { type AgsEndpoint, takeSnapshot } from '../../../src/lti/snapshot.ts';

const school = { slug: 'north', name: 'North' };
const hub = 'https://hub.example';
const [contextId, lineItemId] = ['context' as ContextId, 'item' as LineItemId];

const claimFor = (
  ags: AgsEndpoint | undefined,
  changes: { scopes?: string[]; contextId?: ContextId | null; lineItemId?: LineItemId | null } = {},
) =>
  agsClaim(hub, {
    snapshot: { ...takeSnapshot({}, school, 'https://tool.example/'), ...(ags && { ags }) },
    scopes: [...agsScopes],
    contextId,
    lineItemId,
    ...changes,
  });

const everything: AgsEndpoint = {
  scopes: [agsScope.lineItem, agsScope.resultReadonly, agsScope.score],
  lineItemsUrl: 'https://lms.example/7/items',
  lineItemUrl: 'https://lms.example/7/items/9',
};

test('the tool is told the hub’s addresses, and nothing of the LMS’s', () => {
  const told = claimFor(everything);
  expect(told).toMatchObject({
    lineitems: `${hub}/t/north/ags/context/lineitems`,
    lineitem: `${hub}/t/north/ags/context/lineitems/item`,
  });
  expect(JSON.stringify(told)).not.toContain('lms.example');
});

test('the right to change line items holds the right to read them', () => {
  expect(claimFor(everything)?.scope).toEqual([
    agsScope.lineItem,
    agsScope.lineItemReadonly,
    agsScope.resultReadonly,
    agsScope.score,
  ]);
});

test('a tool is told of scopes that both the LMS and the hub let it have', () => {
  const readers = { ...everything, scopes: [agsScope.lineItemReadonly, agsScope.score] };
  expect(claimFor(readers)?.scope).toEqual([agsScope.lineItemReadonly, agsScope.score]);
  expect(claimFor(everything, { scopes: [agsScope.score] })?.scope).toEqual([agsScope.score]);
});

test('where no scope is left there is no claim', () => {
  expect(claimFor(everything, { scopes: [] })).toBeUndefined();
  expect(claimFor({ ...everything, scopes: [] })).toBeUndefined();
});

test('where the LMS opens nothing, or no course is launched from, there is no claim', () => {
  expect(claimFor(undefined)).toBeUndefined();
  expect(claimFor(everything, { contextId: null })).toBeUndefined();
});

test('a line item is named only where the launch has exactly one', () => {
  const told = claimFor({ ...everything, lineItemUrl: undefined }, { lineItemId: null });
  expect(told).toHaveProperty('lineitems');
  expect(told).not.toHaveProperty('lineitem');
});

test('the container is named only where the LMS opens it', () => {
  expect(claimFor({ ...everything, lineItemsUrl: undefined })).not.toHaveProperty('lineitems');
});
