import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ZodType, z } from 'zod';
import { commonRefusals, type EndpointContract, isOfTenant } from '../../contracts/http/endpoint.ts';
import { endpoints } from '../../contracts/http/endpoints.ts';
import { describeApi } from '../../src/api/openapi.ts';
import { DomainError, type ErrorKind } from '../../src/platform/errors.ts';
import { toProblem } from '../../src/platform/http/problem.ts';

const contracts = Object.entries(endpoints as Record<string, EndpointContract>);
type Operation = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean }[];
  responses: Record<string, object>;
};
const description = describeApi(endpoints) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

test('contracts/openapi.json is made from the contracts: run "npm run openapi" after a change', () => {
  const file = new URL('../../contracts/openapi.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(description)));
});

test.each(contracts)('%s stands in the description with every parameter of its path', (name, contract) => {
  const operation = description.paths[contract.path]?.[contract.method];
  expect(operation?.operationId).toBe(name);
  const inPath = [...contract.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  const described = operation!.parameters.filter((each) => each.in === 'path');
  expect(described.map((each) => each.name).sort()).toEqual(inPath.sort());
  expect(Object.keys(contract.params.shape).sort()).toEqual(inPath.sort());
  expect(described.every(({ required }) => required)).toBe(true);
  expect(operation!.responses).toHaveProperty(String(contract.reply.status));
});

test('no two endpoints share a method and a path, and every one is of a tenant or says that it is of all', () => {
  const places = contracts.map(([, { method, path }]) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(new Set(places).size).toBe(places.length);
  for (const [, contract] of contracts) {
    const { path } = contract;
    expect([path, /^\/api\/v1\/tenants\/\{slug\}(\/|$)/.test(path)]).toEqual([path, isOfTenant(contract)]);
  }
});

test('what changes something wants the right to write', () => {
  for (const [name, { method, scope }] of contracts) {
    if (scope === 'session' || scope === 'anyone') continue;
    expect([name, scope.split(':')[1]]).toEqual([name, method === 'get' ? 'read' : 'write']);
  }
});

test('a reason has an end wherever one is given: it is kept as long as the audit trail', () => {
  const long = { reason: 'x'.repeat(1001) };
  const issuesOf = (schema: ZodType | undefined) =>
    schema?.safeParse(long).error?.issues.filter(({ path }) => path[0] === 'reason') ?? [];
  const named: string[] = [];
  for (const [name, { body, query }] of contracts) {
    for (const schema of [query, body?.kind === 'json' ? body.schema : undefined]) {
      const text = schema === undefined ? '' : JSON.stringify(z.toJSONSchema(schema, { io: 'input' }));
      if (!text.includes('for the audit trail')) continue;
      named.push(name);
      expect([name, issuesOf(schema).map(({ code }) => code)]).toEqual([name, ['too_big']]);
    }
  }
  expect(named.length).toBeGreaterThan(50);
});

test('every reference leads to a part of the description', () => {
  const refs = [...JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) {
    const found = ref
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], description);
    expect([ref, typeof found]).toEqual([ref, 'object']);
  }
  expect(JSON.stringify(description)).not.toContain('$defs');
});

test('codes that every endpoint may answer are described with the status they have', () => {
  const kinds: Record<string, ErrorKind> = {
    request_invalid: 'input',
    method_not_allowed: 'input',
    token_missing: 'unauthenticated',
    token_invalid: 'unauthenticated',
    token_expired: 'unauthenticated',
    session_ended: 'unauthenticated',
    insufficient_scope: 'forbidden',
    cross_site: 'forbidden',
    csrf_token_wrong: 'forbidden',
    session_needed: 'forbidden',
    tenant_unknown: 'not_found',
    too_many_requests: 'rate_limited',
    internal: 'internal',
    database_unavailable: 'internal',
  };
  const described = Object.entries(commonRefusals).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)]),
  );
  const real = Object.entries(kinds).map(([code, kind]) => [
    code,
    toProblem(new DomainError(kind, code, ''), '').status,
  ]);
  expect(described.sort()).toEqual(real.sort());
});
