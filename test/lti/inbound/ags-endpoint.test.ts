import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { claim } from '../../../src/lti/claims.ts';
import { takeAgsEndpoint } from '../../../src/lti/inbound/ags-endpoint.ts';

const strict = { allowLoopback: false };
const take = (endpoint: unknown, rules = strict) => takeAgsEndpoint({ [claim.agsEndpoint]: endpoint }, rules);
const lineitems = 'https://lms.example/courses/7/line_items?type_id=2';
const lineitem = 'https://lms.example/courses/7/line_items/9?type_id=2';

test('scopes and addresses are taken as they are, the scopes in one order', () => {
  const { endpoint, malformed } = take({
    scope: [agsScope.score, agsScope.lineItem, agsScope.score, 'https://lms.example/scope/other'],
    lineitems,
    lineitem,
  });
  expect(malformed).toBe(false);
  expect(endpoint).toEqual({
    scopes: [agsScope.lineItem, agsScope.score],
    lineItemsUrl: lineitems,
    lineItemUrl: lineitem,
  });
});

test('without the claim nothing is opened, and nothing is wrong', () => {
  expect(takeAgsEndpoint({}, strict)).toEqual({ endpoint: undefined, malformed: false });
});

test.each([
  ['blank', ''],
  ['null', null],
  ['absent', undefined],
])('a link without its one line item: lineitem is %s', (_name, value) => {
  const { endpoint, malformed } = take({ scope: [agsScope.score], lineitems, lineitem: value });
  expect([endpoint?.lineItemsUrl, endpoint?.lineItemUrl, malformed]).toEqual([lineitems, undefined, false]);
});

test.each([
  ['http', 'http://lms.example/items'],
  ['no address', 'line items'],
  ['with a password', 'https://user:word@lms.example/items'],
  ['too long', `https://lms.example/${'a'.repeat(2000)}`],
  ['with a line break', 'https://lms.example/\r\nitems'],
  ['a number', 7],
  ['a script', 'javascript:alert(1)'],
])('an address that is %s is left out and noticed, the rest is kept', (_name, value) => {
  const { endpoint, malformed } = take({ scope: [agsScope.score], lineitems, lineitem: value });
  expect([endpoint?.lineItemsUrl, endpoint?.lineItemUrl, malformed]).toEqual([lineitems, undefined, true]);
});

test.each([
  ['text', 'x'],
  ['a list', []],
  ['an object of nothing', {}],
  ['a number', 1],
])('a claim that is %s opens nothing and is noticed', (_name, value) => {
  expect(take(value)).toEqual({ endpoint: undefined, malformed: true });
});

test('plain http is taken from this machine only where that is allowed', () => {
  const local = { scope: [], lineitems: 'http://lms.localhost:3000/items' };
  expect(take(local).endpoint).toBeUndefined();
  expect(take(local, { allowLoopback: true }).endpoint?.lineItemsUrl).toBe(local.lineitems);
  const elsewhere = { scope: [], lineitems: 'http://lms.example/items' };
  expect(take(elsewhere, { allowLoopback: true }).endpoint).toBeUndefined();
});
