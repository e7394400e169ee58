import { noticeScope } from '../../../contracts/scopes.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { createLoopbackFetch } from '../../../src/demo/loopback-fetch.ts';
import { claim } from '../../../src/lti/claims.ts';
import { type NoticeWork, noticeWorkers } from '../../../src/lti/notices/jobs.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import type { OutboundRequest, OutboundResponse } from '../../../src/platform/outbound/fetch.ts';
import { listEnablements } from '../../../src/tools/enablement.ts';
import type { TestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';

/** Of another specification: the hub does not understand it. */
export const submitted = 'LtiAssetProcessorSubmissionNotice';
export const serviceUrl = 'https://lms.example/notice-handlers/7';
/** A launch that tells where the LMS takes addresses for notices. */
export const offering = {
  tampering: {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [claim.noticeService]: {
        platform_notification_service_url: serviceUrl,
        notice_types_supported: ['LtiHelloWorldNotice', submitted, 'LtiContextCopyNotice'],
        scope: [noticeScope],
        service_versions: ['1.0'],
      },
    }),
  },
};

/** A hub, with an LMS that takes addresses for notices and a tool that takes notices as they are told to. */
export async function startNoticeWorld(testDatabase: TestDatabase) {
  const world = await startHubWorld(testDatabase);
  const { database } = testDatabase;
  const { tenantId } = world.tenants.northside;
  const [registration] = await database.withTenant(tenantId, listRegistrations);
  const [enabled] = await database.withTenant(tenantId, listEnablements);
  const { connectionId } = registration!;
  const send = createLoopbackFetch();
  const deploymentId = world.deployments.northside;

  const tool = { status: 200, received: [] as OutboundRequest[] };
  const lms = {
    failure: undefined as DomainError | undefined,
    handlers: [] as unknown[],
    /** Happens while the LMS takes an address. */
    meanwhile: undefined as (() => Promise<void>) | undefined,
  };
  const fakes: Partial<NoticeWork> = {
    fetch: async (request) => {
      tool.received.push(request);
      if (tool.status === 0) throw new DomainError('upstream', 'outbound_timeout', 'too late');
      const body = Buffer.from('');
      return {
        status: tool.status,
        headers: {},
        body,
        text: () => '',
        json: () => ({}),
      } as unknown as OutboundResponse;
    },
    lmsNotices: {
      putHandler: async (place, serviceUrl, handler) => {
        if (lms.failure !== undefined) throw lms.failure;
        await lms.meanwhile?.();
        lms.handlers.push({ deploymentId: place.deploymentId, serviceUrl, ...handler });
      },
    },
  };

  /** What the background work does, once. */
  async function work(): Promise<void> {
    const work = { ...world.first.lti.noticeWork, ...fakes };
    for (const { run } of noticeWorkers(work))
      await run({}, { jobId: 'test', signal: new AbortController().signal });
  }

  /** A call of the sample tool to the hub. */
  async function callAsTool(
    method: string,
    body?: unknown,
    { scopes = [noticeScope], slug = 'northside' }: { scopes?: string[]; slug?: string } = {},
  ) {
    const { toolId, clientId } = world.tool;
    const { token } = await world.first.lti.accessTokens.issue({
      toolId,
      clientId,
      scopes,
      deploymentId: undefined,
    });
    const response = await send(`${world.hubUrl}/t/${slug}/notices/handlers`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: JSON.parse(await response.text()) };
  }

  let count = 0;
  /** Claims of a notice as the LMS would sign it. */
  function noticeClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
    const seconds = Math.floor(world.clock.now() / 1000);
    const id = `notice-${++count}`;
    return {
      ...{ iss: world.lms.issuer, aud: world.clientId, iat: seconds, exp: seconds + 300, nonce: id },
      [claim.version]: '1.3.0',
      [claim.deploymentId]: deploymentId,
      [claim.notice]: { id, timestamp: new Date(seconds * 1000).toISOString(), type: 'LtiContextCopyNotice' },
      [claim.context]: { id: `copy-${count}`, title: 'A title that is not relayed' },
      ...changes,
    };
  }

  async function postTo(slug: string, id: string, ...jwts: string[]) {
    const response = await send(`${world.hubUrl}/t/${slug}/lti/notices/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notices: jwts.map((jwt) => ({ jwt })) }),
    });
    return { status: response.status, json: JSON.parse(await response.text()) };
  }
  const post = (...jwts: string[]) => postTo('northside', connectionId, ...jwts);

  return {
    ...{ world, fakeTool: tool, fakeLms: lms, tenantId, connectionId, deploymentId },
    ...{ enablement: enabled!.enablement, work, callAsTool, noticeClaims, post, postTo },
  };
}
