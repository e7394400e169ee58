import { expect, test } from 'vitest';
import { type EndpointContract, isOfTenant } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import {
  hubRoles,
  mayCall,
  type OperatorRole,
  operatorRoles,
  rolesOfScope,
  scopesOf,
} from '../../../contracts/http/roles.ts';
import type { ApiScope } from '../../../contracts/http/scopes.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName } from '../support/api-world.ts';
import { addOperator, createVisitor } from '../support/console-visitor.ts';

const world = createApiWorld(await createTestDatabase());
const [ours, theirs] = [await world.addSchool(), await world.addSchool()];

const all = Object.entries(endpoints as Record<string, EndpointContract>) as [
  EndpointName,
  EndpointContract,
][];
const scoped = all.filter(([, { scope }]) => scope.includes(':'));

/** By the table, read as a person reads it: whoever may write may read. */
function mayUse(role: OperatorRole, scope: string): boolean {
  const write = scope.replace(/:read$/, ':write');
  const holders = [scope, write].flatMap((each) => rolesOfScope[each as ApiScope] ?? []);
  return holders.includes(role);
}

/** A browser in which somebody of the role is signed in; institution admins at our school. */
async function signIn(role: OperatorRole) {
  const isHub = (hubRoles as readonly string[]).includes(role);
  const operator = await addOperator(world.operators, [role], isHub ? {} : { owner: ours.tenantId });
  const { origin } = await world.open();
  const visitor = createVisitor(origin);
  expect((await visitor.signIn(operator.email, isHub ? undefined : ours.slug)).status).toBe(200);
  return { ...visitor, isHub };
}

const params = { slug: ours.slug };

test.each(operatorRoles)(
  '%s: each endpoint is allowed or refused exactly by the table, and the console offers what is allowed',
  async (role) => {
    const visitor = await signIn(role);
    const wrong: unknown[] = [];
    for (const [name, contract] of scoped) {
      const { status, body } = await visitor.call(name, { params });
      const expected = expectedOf(role, contract, visitor.isHub);
      const refusals = ['insufficient_scope', 'tenant_only', 'tenant_unknown', 'scope_beyond_own'];
      expect([name, status]).not.toEqual([name, 429]);
      const told = status === 401 || refusals.includes(body.code) ? body.code : 'allowed';
      // Only for what is given in the body: that the console narrows by itself.
      const isOfBody = told === 'scope_beyond_own' && contract.lends === undefined;
      if (told !== expected && !isOfBody) wrong.push({ name, told, expected });
      const offered = mayCall(contract, { scopes: scopesOf([role]), ofOneTenant: !visitor.isHub });
      if (offered !== (told === 'allowed') && !isOfBody) wrong.push({ name, told, offered });
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);

function expectedOf(role: OperatorRole, contract: EndpointContract, isHub: boolean): string {
  if (!isOfTenant(contract) && !isHub) return 'tenant_only';
  if (!mayUse(role, contract.scope)) return 'insufficient_scope';
  return (contract.lends ?? []).every((scope) => mayUse(role, scope)) ? 'allowed' : 'scope_beyond_own';
}

test('an institution’s admin finds no other institution at any endpoint', async () => {
  const visitor = await signIn('institution_admin');
  const wrong: unknown[] = [];
  for (const [name, contract] of scoped.filter(([, each]) => isOfTenant(each))) {
    const { status, body, text } = await visitor.call(name, { params: { slug: theirs.slug } });
    const isTold = status !== 404 || body.code !== 'tenant_unknown' || text.includes(theirs.tenantId);
    if (isTold) wrong.push({ name, scope: contract.scope, status, code: body.code });
  }
  expect(wrong).toEqual([]);
}, 60_000);

test('nobody who is not signed in gets past an endpoint that wants a session, nor a program', async () => {
  const { origin } = await world.open();
  const { token } = await world.makeToken();
  for (const [name] of all.filter(([, { scope }]) => scope === 'session')) {
    const stranger = await createVisitor(origin).call(name);
    expect([name, stranger.body.code]).toEqual([name, 'token_missing']);
    const program = await createVisitor(origin).call(name, { headers: { Authorization: `Bearer ${token}` } });
    expect([name, program.body.code]).toEqual([name, 'session_needed']);
  }
});

test('an institution’s admin has no role of the staff, and nobody of the staff is without one', () => {
  expect(rolesOfScope['operators:write']).toEqual(['owner']);
  expect(rolesOfScope['people:read']).not.toContain('viewer');
  for (const scope of ['operators:read', 'tokens:read', 'hub:read'] as const) {
    expect(rolesOfScope[scope]).not.toContain('institution_admin');
  }
});
