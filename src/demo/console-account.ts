import { HUB_TENANT } from '../../contracts/ids.ts';
import { ensureOperator } from '../operators/accounts/add-operator.ts';
import { makeSignInLink } from '../operators/links/links.ts';
import type { OperatorServices } from '../operators/services.ts';

const owner = { name: 'Demo owner', email: 'owner@demo.example', roles: ['owner'] } as const;

/** Tells how to come into the console: by a new link at each start, since nothing that opens it is kept. */
export async function describeConsole(operators: OperatorServices): Promise<string> {
  const by = { actor: 'demo', now: operators.clock.now() };
  const operator = await ensureOperator(operators, HUB_TENANT, owner, by);
  const { address } = await makeSignInLink(operators, operator, by);
  return `
The hub's own people work at its console. This link signs you in there as an owner, once:

  ${address}
`;
}
