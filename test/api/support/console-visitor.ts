import type { EndpointContract } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import type { OperatorRole } from '../../../contracts/http/roles.ts';
import { HUB_TENANT, newId, type OperatorId, type TenantId } from '../../../contracts/ids.ts';
import { inScope } from '../../../src/health/notifications/targets.ts';
import { findOperator, insertOperator } from '../../../src/operators/accounts/operator-store.ts';
import type { OperatorServices } from '../../../src/operators/services.ts';
import type { EndpointName, Sent } from './api-world.ts';

export const password = 'correct horse battery staple';

/** Adds an account with a password. */
export async function addOperator(
  services: OperatorServices,
  roles: readonly OperatorRole[],
  given: { owner?: TenantId; email?: string } = {},
) {
  const operatorId = newId<OperatorId>();
  const { owner = HUB_TENANT, email = `${operatorId}@company.example` } = given;
  const passwordHash = await services.passwords.hash(password);
  return inScope(services.db, owner, async (tx) => {
    const operator = { operatorId, name: 'Ada', email, roles, passwordHash, companySubject: null };
    await insertOperator(tx, operator, new Date(services.clock.now()));
    return (await findOperator(tx, operatorId))!;
  });
}

/** A browser at the console: it keeps its cookie and sends what the console's page sends. */
export function createVisitor(origin: string) {
  let cookie = '';
  let csrfToken = '';
  async function call(name: EndpointName, sent: Sent & { headers?: Record<string, string> } = {}) {
    const contract: EndpointContract = endpoints[name];
    const path = contract.path.replaceAll(/\{(\w+)\}/g, (_whole, each: string) =>
      encodeURIComponent(sent.params?.[each] ?? newId()),
    );
    const query = new URLSearchParams(sent.query).toString();
    const isStream = contract.body?.kind === 'stream';
    const mediaType = contract.body?.kind === 'stream' ? contract.body.mediaTypes[0]! : 'application/json';
    const hasBody = contract.body !== undefined;
    const response = await fetch(`${origin}${path}${query === '' ? '' : `?${query}`}`, {
      method: contract.method.toUpperCase(),
      headers: {
        'Sec-Fetch-Site': 'same-origin',
        ...(cookie === '' ? {} : { Cookie: cookie }),
        ...(csrfToken === '' ? {} : { 'X-CSRF-Token': csrfToken }),
        ...(hasBody ? { 'Content-Type': mediaType } : {}),
        ...sent.headers,
      },
      ...(hasBody ? { body: isStream ? 'x' : JSON.stringify(sent.body ?? {}) } : {}),
    });
    for (const each of response.headers.getSetCookie()) cookie = each.split(';', 1)[0]!;
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const body = isJson ? JSON.parse(text) : {};
    if (typeof body.csrfToken === 'string') csrfToken = body.csrfToken;
    return { status: response.status, headers: response.headers, body, text };
  }
  return {
    call,
    cookie: () => cookie,
    setCookie: (value: string) => {
      cookie = value;
    },
    signIn: (email: string, tenantSlug?: string) =>
      call('signInOperator', { body: { email, password, ...(tenantSlug !== undefined && { tenantSlug }) } }),
  };
}
