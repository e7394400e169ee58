import { expect, test } from 'vitest';
import { createSelfSigned } from '../../platform/outbound/self-signed.ts';
import { type DirectoryServerOptions, startDirectory, type TlsIdentity } from './directory-server.ts';
import { connect, directory, openWorld, person, typed } from './world.ts';

const host = 'dc1.school.example';
const entries = directory(person('ada'));

/** Somebody signs in at a server of this host name. */
async function signIn(
  options: DirectoryServerOptions,
  settings: { authorities: string; scheme: 'ldap' | 'ldaps'; serverName?: string },
) {
  const server = await startDirectory({ entries, ...options });
  const { directories } = openWorld();
  const { authorities, scheme, serverName } = settings;
  const url = `${scheme}://${host}:${server.port}`;
  const servers = [{ url, ...(serverName !== undefined && { serverName }) }];
  const result = await directories.signIn(connect([], { authorities, servers }), typed('ada'));
  return { server, outcome: result.accepted ? 'accepted' : result.reason };
}

const good = createSelfSigned([host]);
const both: [string, 'ldap' | 'ldaps', (identity: TlsIdentity) => DirectoryServerOptions][] = [
  ['ldaps', 'ldaps', (tls) => ({ tls })],
  ['StartTLS', 'ldap', (startTls) => ({ startTls })],
];

test.each(both)('%s with the pinned certificate signs in', async (_name, scheme, options) => {
  const { outcome, server } = await signIn(options(good), { authorities: good.cert, scheme });
  expect(outcome).toBe('accepted');
  // Nothing but the request for TLS went in the clear.
  expect(server.clearText.map(({ length }) => length)).toEqual(scheme === 'ldap' ? [31, 31] : []);
});

test.each(both)(
  '%s with a changed certificate is refused before any bind',
  async (_name, scheme, options) => {
    const changed = createSelfSigned([host]);
    const { outcome, server } = await signIn(options(changed), { authorities: good.cert, scheme });
    expect(outcome).toBe('certificate_untrusted');
    expect(server.binds).toEqual([]);
  },
);

test.each(both)(
  '%s with a certificate for another host is refused before any bind',
  async (_name, scheme, options) => {
    const other = createSelfSigned(['localhost', 'dc2.school.example']);
    const { outcome, server } = await signIn(options(other), { authorities: other.cert, scheme });
    expect(outcome).toBe('certificate_name');
    expect(server.binds).toEqual([]);
    const named = await signIn(options(other), {
      authorities: other.cert,
      scheme,
      serverName: 'dc2.school.example',
    });
    expect(named.outcome).toBe('accepted');
  },
);

test('a certificate for localhost is not taken for an address', async () => {
  const local = createSelfSigned(['localhost']);
  const server = await startDirectory({ entries, startTls: local });
  const { directories } = openWorld();
  const servers = [{ url: `ldap://127.0.0.1:${server.port}` }];
  const result = await directories.signIn(connect([], { authorities: local.cert, servers }), typed('ada'));
  expect(result).toMatchObject({ accepted: false, reason: 'certificate_name' });
  expect(server.binds).toEqual([]);
});

test('stripped StartTLS ends the sign-in, and nothing follows in the clear', async () => {
  const { outcome, server } = await signIn(
    { startTls: 'stripped' },
    { authorities: good.cert, scheme: 'ldap' },
  );
  expect(outcome).toBe('starttls_refused');
  expect(server.binds).toEqual([]);
  expect(server.clearText).toHaveLength(1);
});

test('bytes that came in the clear behind the answer to StartTLS are refused, not read as if protected', async () => {
  const injected = Buffer.from([0x30, 0x0c, 0x02, 1, 2, 0x61, 0x07, 0x0a, 1, 0, 0x04, 0, 0x04, 0]);
  const settings = { authorities: good.cert, scheme: 'ldap' as const };
  expect((await signIn({ startTls: good, injected }, settings)).outcome).toBe('starttls_refused');
  expect((await signIn({ startTls: good, injected: injected.subarray(0, 5) }, settings)).outcome).toBe(
    'starttls_refused',
  );
});

test.each(both)(
  'a server that hangs in the handshake (%s) costs the time of a connection',
  async (_name, scheme) => {
    const begun = performance.now();
    const { outcome } = await signIn({ silentAfter: 0 }, { authorities: good.cert, scheme });
    expect(outcome).toBe('directory_timeout');
    expect(performance.now() - begun).toBeLessThan(3000);
  },
);

test('a connection lost after StartTLS is never opened again in the clear', async () => {
  const server = await startDirectory({ entries, startTls: good });
  const { directories } = openWorld();
  const connection = connect([], {
    authorities: good.cert,
    servers: [{ url: `ldap://${host}:${server.port}` }],
  });
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  server.hangUp();
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  expect(server.clearText.length).toBe(server.connections.opened);
});

test('a public authority does not vouch for a certificate that nobody signed', async () => {
  const { outcome } = await signIn({ tls: good }, { authorities: 'public', scheme: 'ldaps' });
  expect(outcome).toBe('certificate_untrusted');
});

test.each([
  ['127.0.0.1', []],
  ['169.254.169.254', ['169.254.0.0/16', '0.0.0.0/0']],
  ['10.1.2.3', []],
  ['10.1.2.3', ['10.2.0.0/16']],
])(
  'a directory whose name leads to %s is refused where the operator opened %j',
  async (address, networks) => {
    const server = await startDirectory({ entries, tls: good });
    const { directories } = openWorld({ allowLoopback: false, addresses: { [host]: address } });
    const connection = connect([], {
      authorities: good.cert,
      servers: [{ url: `ldaps://${host}:${server.port}` }],
    });
    const result = await directories.signIn({ ...connection, networks }, typed('ada'));
    expect(result).toMatchObject({ accepted: false, reason: 'address_refused' });
    expect(server.connections.opened).toBe(0);
  },
);

test('the operator may open one address of this machine for one directory', async () => {
  const server = await startDirectory({ entries, tls: good });
  const { directories } = openWorld({ allowLoopback: false });
  const connection = connect([], {
    authorities: good.cert,
    servers: [{ url: `ldaps://${host}:${server.port}` }],
  });
  const result = await directories.signIn({ ...connection, networks: ['127.0.0.1/32'] }, typed('ada'));
  expect(result).toMatchObject({ accepted: true });
});
