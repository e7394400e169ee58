import type { Clock } from '../../../src/platform/clock.ts';
import type { Database } from '../../../src/platform/db.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { openLog } from '../../../src/platform/log.ts';
import type { OutboundFetch } from '../../../src/platform/outbound/fetch.ts';
import type { Secrets } from '../../../src/platform/secrets/secrets.ts';
import type { NewIdentity } from '../../../src/sso/identities/identity.ts';
import { createProtocols } from '../../../src/sso/protocols.ts';
import type { SsoOperation } from '../../../src/sso/services.ts';

/** What signing in is steered with. Directories stand on this machine; asking one opens a connection for that alone. */
export function createSsoServices(options: {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  baseUrl?: string;
  fetch?: OutboundFetch;
}): SsoOperation {
  const log = openLog({ level: 'silent' });
  const fetch = () =>
    Promise.reject(new DomainError('upstream', 'outbound_connection_failed', 'Nothing is called here.'));
  const parts = { baseUrl: 'https://hub.example', fetch, ...options, log };
  const { terms } = createProtocols({ ...parts, allowLoopback: true, directoryNetworks: [] });
  return { ...parts, protocols: terms };
}

/** A directory; nobody listens at the port unless one is given. */
export function directoryInput(
  port = 1,
  more: Partial<NewIdentity> = {},
): NewIdentity & { settings: Record<string, unknown> } {
  return {
    protocol: 'ldap',
    name: 'Staff directory',
    settings: {
      name: 'school.example',
      kind: 'generic',
      servers: [{ url: `ldap://127.0.0.1:${port}`, plain: true }],
      authorities: 'public',
      serviceAccount: 'CN=reader,DC=school,DC=example',
      servicePassword: 'reader-password',
      base: 'DC=school,DC=example',
      user: { nameAttributes: ['uid', 'mail'] },
      key: 'entryUUID',
      timeouts: { connectMs: 600, operationMs: 600, waitMs: 5000 },
    },
    ...more,
  };
}

/** A SAML identity provider whose metadata somebody hands over, unless an address is given. */
export function samlInput(metadata: object = { from: 'file' }): NewIdentity {
  return { protocol: 'saml', name: 'School account', settings: { metadata } };
}
