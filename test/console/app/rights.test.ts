import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type EndpointContract, isOfTenant } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import { mayCall, type OperatorRole, operatorRoles, scopesOf } from '../../../contracts/http/roles.ts';
import type { ApiScope } from '../../../contracts/http/scopes.ts';
import { createSession } from '../../../src/console/app/rights.ts';

const all = Object.entries(endpoints as Record<string, EndpointContract>) as [
  keyof typeof endpoints,
  EndpointContract,
][];

function sessionOf(role: OperatorRole, raised: readonly ApiScope[] = []) {
  const tenantSlug = role === 'institution_admin' ? 'school' : null;
  const who = { scopes: scopesOf([role]), tenantSlug, csrfToken: 'x' };
  return createSession(who as unknown as Parameters<typeof createSession>[0], raised);
}

test.each(operatorRoles)('%s is offered exactly the endpoints that the rights allow', (role) => {
  const { mayCall: isOffered } = sessionOf(role);
  for (const [name, contract] of all) {
    const rights = { scopes: scopesOf([role]), ofOneTenant: role === 'institution_admin' };
    expect([name, isOffered(name)]).toEqual([name, mayCall(contract, rights)]);
  }
});

test('who cannot give all that an admin may do is not offered to invite one; who is not signed in, nothing', () => {
  expect(sessionOf('onboarding_admin').mayCall('inviteAdmin')).toBe(false);
  expect(sessionOf('onboarding_admin').mayCall('makeSetupLink')).toBe(true);
  expect(sessionOf('owner').mayCall('inviteAdmin')).toBe(true);
  expect(sessionOf('institution_admin').mayCall('inviteAdmin')).toBe(true);
  expect(createSession(null).mayCall('signOutOperator')).toBe(false);
});

test('what is raised for a while counts at its institution, and is nobody’s to give', () => {
  const raised = scopesOf(['owner']);
  const { mayCall: isOffered } = sessionOf('onboarding_admin', raised);
  expect(isOffered('replayDeliveries')).toBe(true);
  expect(isOffered('inviteAdmin')).toBe(false);
  for (const [name] of all.filter(([, each]) => !isOfTenant(each))) {
    expect([name, isOffered(name)]).toEqual([name, sessionOf('onboarding_admin').mayCall(name)]);
  }
});

/** Forms that send by themselves, and the part of the console that looks whether they may be shown. */
const guards: Readonly<Record<string, string>> = {
  connectRoster: 'setup/roster-step.tsx',
  connectLms: 'setup/lms-step.tsx',
  findPlatform: 'setup/lms-step.tsx',
  makeTestLink: 'setup/identity-step.tsx',
  uploadPackage: 'setup/roster-step.tsx',
  startRun: 'setup/roster-step.tsx',
  checkIdentity: 'setup/own-side.tsx',
  inviteLms: 'setup/lms-step.tsx',
  agreeToSharing: 'setup/sharing-step.tsx',
  connectIdentity: 'setup/identity-step.tsx',
  giveMetadata: 'setup/identity-step.tsx',
};

test('a button asks for the right itself; each form that sends without one stands behind a part that does', () => {
  const pages = new URL('../../../src/console/pages/', import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, pages), 'utf8');
  expect(readFileSync(new URL('../parts/ask.tsx', pages), 'utf8')).toContain('mayCall(props.name)');
  const files = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.tsx'),
  );
  const sent = files.flatMap((file) =>
    [...read(file).matchAll(/useWrite\('(\w+)'\)/g)].map(([, name]) => name as keyof typeof endpoints),
  );
  expect(sent.length).toBeGreaterThan(15);
  for (const name of sent) {
    const { scope }: EndpointContract = endpoints[name];
    if (scope === 'session' || scope === 'anyone') continue;
    const guard = guards[name];
    expect([name, guard]).not.toEqual([name, undefined]);
    const text = read(guard ?? '');
    expect([name, text.includes(`can('${scope}')`) || text.includes(`mayCall('${name}')`)]).toEqual([
      name,
      true,
    ]);
  }
});
