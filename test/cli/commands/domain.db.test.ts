import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const { done, hub, makeTenant } = createCommandLine(await createTestDatabase());

test('a domain of a tenant’s own is entered, verified, entered at the LMS and removed', async () => {
  const tenant = await makeTenant();
  const domain = 'lti.northfield.example';
  const words = (verb: string, ...more: string[]) => ['domain', verb, domain, '--tenant', tenant, ...more];
  const added = await hub(words('add', '--reason', 'Asked for'));
  expect(added.out).toContain(`https://${domain}/.well-known/gatehouse-domain`);
  expect((await hub(words('verify'))).err).toContain('does not find itself');
  expect((await hub(['domain', 'list', '--tenant', tenant])).out).toMatch(
    /lti\.northfield\.example +not yet/,
  );
  expect((await done(...words('verify', '--vouched'))).domain).toMatchObject({ verified: 'vouched' });
  const family = ['--tenant', tenant, '--family', 'brightspace'];
  const setup = await hub(['lms', 'setup', ...family, '--domain', domain]);
  expect(setup.out).toContain(`https://${domain}/lti/login`);
  const issuer = ['--issuer', 'https://learn.northfield.example', '--client-id', 'c'];
  const { registration } = await done('lms', 'connect', ...family, ...issuer, '--domain', domain);
  expect((await hub(words('remove'))).err).toContain('An LMS knows the hub under');
  await done('lms', 'update', registration.connectionId, '--tenant', tenant, '--no-domain');
  expect((await hub(words('remove'))).out).toContain('leads nowhere any more');
  const hubWide = await hub(['lms', 'setup', '--hub', '--family', 'blackboard', '--domain', domain]);
  expect(hubWide.err).toContain('--hub means all of them');
});
