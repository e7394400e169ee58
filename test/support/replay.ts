import nock from 'nock';
import { onTestFinished } from 'vitest';
import type { Fixture } from '../../scripts/connector-scrub.ts';
import type { OutboundFetch } from '../../src/platform/outbound/fetch.ts';

/** Answers with recorded exchanges, each once; anything else fails. */
export function replay(fixtures: readonly Fixture[]): OutboundFetch {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  for (const { scope, method, path, status, response, headers } of fixtures) {
    const body = typeof response === 'string' ? response : JSON.stringify(response);
    nock(scope).intercept(path, method).reply(status, body, headers);
  }
  onTestFinished(() => {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  });
  // The guard's own connections cannot be intercepted, so here the calls go by the platform's fetch.
  return async ({ url, method = 'GET', headers, body }) => {
    const answer = await fetch(url, {
      method,
      ...(headers && { headers }),
      ...(body && { body: String(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(text),
      url,
      text: () => text,
      json: () => JSON.parse(text) as unknown,
    };
  };
}
