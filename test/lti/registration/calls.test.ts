import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { fetchConfiguration, sendRegistration } from '../../../src/lti/registration/calls.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';

const failing = (code: string) => async () => {
  throw new DomainError('upstream', code, 'Failed.');
};

test.each([
  ['outbound_timeout', 'registration_timed_out'],
  ['outbound_tls_failed', 'registration_tls_failed'],
  ['outbound_dns_failed', 'registration_unreachable'],
  ['outbound_connection_failed', 'registration_unreachable'],
  ['outbound_redirect_refused', 'registration_redirected'],
  ['outbound_address_refused', 'registration_address_refused'],
  ['outbound_too_large', 'registration_too_large'],
  ['outbound_encoding_refused', 'registration_configuration_invalid'],
  ['outbound_request_invalid', 'registration_request_invalid'],
])('%s is told as %s', async (code, reason) => {
  expect(await fetchConfiguration(failing(code), 'https://lms.example', undefined)).toEqual({
    ok: false,
    reason,
  });
});

test('an answer to a registration that cannot be read has a code of its own', async () => {
  const sent = sendRegistration(failing('outbound_answer_invalid'), 'https://lms.example', undefined, {});
  expect(await sent).toEqual({ ok: false, reason: 'registration_answer_invalid' });
});

test('a fault of the hub’s own is no reason of the LMS', async () => {
  const asked = fetchConfiguration(failing('internal'), 'https://lms.example', undefined);
  await expect(asked).rejects.toMatchObject({ code: 'internal' });
});

test('a body that comes byte by byte and never ends is given up in time', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outbound = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const inHaste = (request: Parameters<typeof outbound>[0]) => outbound({ ...request, timeoutMs: 300 });
    expect(await fetchConfiguration(inHaste, url, undefined)).toEqual({
      ok: false,
      reason: 'registration_timed_out',
    });
  } finally {
    await outbound.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});
