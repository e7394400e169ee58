import { describe, expect, onTestFinished, test } from 'vitest';
import type { Lookup } from '../../../src/platform/outbound/connector.ts';
import { openOutbound, serve } from './loopback-server.ts';
import { createSelfSigned } from './self-signed.ts';

const refused = expect.objectContaining({ kind: 'input', code: 'outbound_address_refused' });

/** Answers in turn, so that a second question would be noticed. */
function lookupInTurn(...answers: string[][]): Lookup & { questions: string[] } {
  const questions: string[] = [];
  const lookup: Lookup = async (host) => {
    const answer = answers[questions.length] ?? [];
    questions.push(host);
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(lookup, { questions });
}

describe('addresses that are refused', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://[64:ff9b::10.0.0.1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[::]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.1.1/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://hub.localhost/',
  ])('%s, without asking a resolver', async (url) => {
    const lookup = lookupInTurn();
    await expect(openOutbound({ allowLoopback: false, lookup })({ url })).rejects.toThrow(refused);
    expect(lookup.questions).toEqual([]);
  });

  test.each(['10.0.0.1', '169.254.169.254', '100.64.0.1', 'fd00::1', '::ffff:192.168.0.1', '0.0.0.0'])(
    'a private answer (%s), even where loopback is allowed',
    async (address) => {
      const outbound = openOutbound({ lookup: lookupInTurn([address]) });
      await expect(outbound({ url: 'https://lms.example/' })).rejects.toThrow(refused);
      await expect(
        outbound({ url: `https://${address.includes(':') ? `[${address}]` : address}/` }),
      ).rejects.toThrow(refused);
    },
  );

  test('a name with one private address among public ones', async () => {
    const lookup = lookupInTurn(['93.184.215.14', '10.0.0.1', '2606:4700::1111']);
    await expect(openOutbound({ lookup })({ url: 'https://lms.example/' })).rejects.toThrow(refused);
  });

  test('loopback behind an ordinary name, where loopback is not allowed', async () => {
    const server = await serve((_request, response) => response.end('secret'));
    const lookup = lookupInTurn(['127.0.0.1']);
    const outbound = openOutbound({ allowLoopback: false, lookup });
    await expect(outbound({ url: `https://lms.example:${server.port}/` })).rejects.toThrow(refused);
    expect(server.hits()).toBe(0);
  });

  test('plain http to a public address, even where loopback is allowed', async () => {
    const scheme = expect.objectContaining({ kind: 'input', code: 'outbound_scheme_refused' });
    const outbound = openOutbound({ lookup: lookupInTurn(['93.184.215.14']) });
    await expect(outbound({ url: 'http://lms.example/' })).rejects.toThrow(scheme);
    await expect(outbound({ url: 'http://93.184.215.14/' })).rejects.toThrow(scheme);
  });

  test('the refusal names the host and not the address', async () => {
    const outbound = openOutbound({ lookup: lookupInTurn(['10.1.2.3']) });
    const error = await outbound({ url: 'https://lms.example/' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { host: 'lms.example' } });
    expect(JSON.stringify(error) + String(error)).not.toContain('10.1.2.3');
  });
});

describe('DNS rebinding', () => {
  test('the address that was checked is the one connected to; no second answer is asked for', async () => {
    const server = await serve((_request, response) => response.end('ok'));
    const lookup = lookupInTurn(['127.0.0.1'], ['169.254.169.254']);
    const response = await openOutbound({ lookup })({ url: `http://rebind.example:${server.port}/` });
    expect(response.text()).toBe('ok');
    expect(lookup.questions).toEqual(['rebind.example']);
    expect(server.hosts).toEqual([`rebind.example:${server.port}`]);
  });

  test('a resolver that changes its answer object afterwards changes nothing', async () => {
    const server = await serve((_request, response) => response.end('ok'));
    let reads = 0;
    const shifty = {
      get address() {
        reads += 1;
        return reads === 1 ? '127.0.0.1' : '10.0.0.1';
      },
      family: 4,
    };
    const outbound = openOutbound({ lookup: async () => [shifty] });
    expect((await outbound({ url: `http://rebind.example:${server.port}/` })).status).toBe(200);
    expect(reads).toBe(1);
  });

  test('a new connection is checked again', async () => {
    const server = await serve((_request, response) => {
      response.setHeader('connection', 'close');
      response.end('ok');
    });
    const lookup = lookupInTurn(['127.0.0.1'], ['10.0.0.1']);
    const outbound = openOutbound({ lookup });
    await outbound({ url: `http://rebind.example:${server.port}/` });
    await expect(outbound({ url: `http://rebind.example:${server.port}/` })).rejects.toThrow(refused);
    expect(server.hits()).toBe(1);
  });
});

describe('redirects', () => {
  test.each([
    ['https://169.254.169.254/latest/meta-data/', refused],
    ['https://[::ffff:10.0.0.1]/', refused],
    ['http://10.0.0.1/', refused],
    ['https://internal.example/', refused],
    ['file:///etc/passwd', expect.objectContaining({ code: 'outbound_scheme_refused' })],
    [
      'https://user:secret@lms.example/',
      expect.objectContaining({ code: 'outbound_url_credentials_refused' }),
    ],
  ])('to %s is refused like a first address', async (location, error) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    const outbound = openOutbound({ lookup: lookupInTurn(['192.168.0.1']) });
    await expect(outbound({ url: `http://localhost:${server.port}/`, redirects: 3 })).rejects.toThrow(error);
  });
});

describe('loopback where allowed', () => {
  test.each(['localhost', 'lms.localhost', 'hub.localhost.', '127.0.0.1', '127.1'])(
    '%s is reached without a resolver',
    async (host) => {
      const server = await serve((_request, response) => response.end('ok'));
      const lookup = lookupInTurn();
      const response = await openOutbound({ lookup })({ url: `http://${host}:${server.port}/` });
      expect(response.text()).toBe('ok');
      expect(lookup.questions).toEqual([]);
    },
  );

  test('proxy settings of the environment are not used', async () => {
    const proxy = await serve((_request, response) => response.end('proxy'));
    const server = await serve((_request, response) => response.end('direct'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
      const before = process.env[name];
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;
      onTestFinished(() => {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      });
    }
    const response = await openOutbound()({ url: `http://localhost:${server.port}/` });
    expect(response.text()).toBe('direct');
    expect(proxy.hits()).toBe(0);
  });
});

describe('TLS', () => {
  const identity = createSelfSigned(['lms.example']);
  const lookup: Lookup = async () => [{ address: '127.0.0.1', family: 4 }];

  test('the certificate is checked against the name while the address is pinned', async () => {
    const server = await serve((_request, response) => response.end('ok'), identity);
    const outbound = openOutbound({ lookup, certificateAuthorities: identity.cert });
    expect((await outbound({ url: `https://lms.example:${server.port}/` })).text()).toBe('ok');
    await expect(outbound({ url: `https://other.example:${server.port}/` })).rejects.toThrow(
      expect.objectContaining({ kind: 'upstream', code: 'outbound_tls_failed' }),
    );
  });

  test('a Host header of the caller cannot choose which name is checked', async () => {
    const server = await serve((_request, response) => response.end('ok'), identity);
    const outbound = openOutbound({ lookup, certificateAuthorities: identity.cert });
    const url = `https://other.example:${server.port}/`;
    await expect(outbound({ url, headers: { Host: 'lms.example' } })).rejects.toThrow(
      expect.objectContaining({ code: 'outbound_tls_failed' }),
    );
    expect(server.hits()).toBe(0);
  });

  test('an unknown authority and a server without TLS are TLS failures', async () => {
    const selfSigned = await serve((_request, response) => response.end(), identity);
    const plain = await serve((_request, response) => response.end());
    const outbound = openOutbound({ lookup });
    for (const { port } of [selfSigned, plain]) {
      await expect(outbound({ url: `https://lms.example:${port}/` })).rejects.toThrow(
        expect.objectContaining({ kind: 'upstream', code: 'outbound_tls_failed' }),
      );
    }
  });

  test('no environment variable switches the check off', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    const server = await serve((_request, response) => response.end(), identity);
    await expect(openOutbound({ lookup })({ url: `https://lms.example:${server.port}/` })).rejects.toThrow(
      expect.objectContaining({ code: 'outbound_tls_failed' }),
    );
  });
});
