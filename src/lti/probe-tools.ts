import { setTimeout as delay } from 'node:timers/promises';
import type { Breakers } from '../health/breaker/breakers.ts';
import { type CallEnd, decideSharedEnd, hostDownCode } from '../health/breaker/call-end.ts';
import { guardByBreaker } from '../health/breaker/guarded-fetch.ts';
import { forgetOtherTools, nameOfTool } from '../health/breaker/hosts.ts';
import { passBreaker } from '../health/breaker/pass.ts';
import { breakerThreshold } from '../health/breaker/transition.ts';
import type { Database, HubTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { newSecret } from '../platform/handle.ts';
import type { Log } from '../platform/log.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import type { Tool } from '../tools/tool.ts';
import { listTools } from '../tools/tools.ts';
import { withQuery } from './address.ts';

export interface ToolProbeServices {
  db: Pick<Database, 'withHub'>;
  baseUrl: string;
  /** Guarded here: what a tool answers says less of its host than what others are answered. */
  fetch: OutboundFetch;
  /** Know hosts that do not answer, and tools that answer and fail, each by itself: others behind its host may be well. */
  breakers: Breakers;
  log: Log;
  /** Between two tries; 2 seconds if not given. */
  wait?: (signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Begins a launch at every tool that is on, as a browser would, and goes no further than its first answer: no tool sees a person,
 * and nothing of it is kept here, so that what it might send on to leads nowhere. One that does not answer as often as it takes
 * is a host that is down; one that answers with a fault of its own is down under its own name, and keeps nobody from its host.
 * People are told of either, until it answers or is asked no more.
 */
export async function probeTools(services: ToolProbeServices, signal?: AbortSignal): Promise<void> {
  const fetch = guardByBreaker(services.fetch, services.breakers, decideSharedEnd);
  for (const tool of await services.db.withHub(listActive)) {
    if (signal?.aborted === true) return;
    await askTool({ ...services, fetch }, tool, signal);
  }
  await services.db.withHub(async (tx) => {
    const slugs = (await listActive(tx)).map(({ slug }) => slug);
    await forgetOtherTools(tx, slugs);
  });
}

async function listActive(tx: HubTx): Promise<Tool[]> {
  return (await listTools(tx)).filter(({ status }) => status === 'active');
}

async function askTool(
  { baseUrl, fetch, breakers, log, wait = usualWait }: ToolProbeServices,
  tool: Tool,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { toolId } = tool;
  for (let tries = 1; tries <= breakerThreshold && signal?.aborted !== true; tries++) {
    if (tries > 1) await wait(signal);
    try {
      const url = withQuery(tool.loginInitiationUrl, loginInitiation(baseUrl, tool));
      const ask = () => fetch({ url, retries: 0, ...(signal && { signal }) });
      const { status } = await passBreaker(breakers, nameOfTool(tool.slug), ask, decideToolEnd);
      if (status >= 500) continue;
      // It is there; that it wants no such launch may be for the made-up hints.
      if (status >= 400) log.info('tool_refuses_login', { toolId, status });
      return;
    } catch (error) {
      if (!(error instanceof DomainError) || !isAway(error)) {
        if (!hasAnswered(error)) log.warn('tool_not_asked', { toolId, error });
        return;
      }
    }
  }
}

/** What a call says of the tool itself: nothing where it is its host that does not answer. */
function decideToolEnd(end: { status: number } | { error: unknown }): CallEnd {
  if ('status' in end && end.status >= 500) return { kind: 'failed', reason: 'server_error' };
  const ofHost = decideSharedEnd(end);
  return ofHost.kind === 'failed' ? { kind: 'nothing' } : ofHost;
}

/** Third-party login initiation (Security Framework 1.0 §5.1.1.1) with hints that lead to nothing. */
function loginInitiation(baseUrl: string, tool: Tool): Record<string, string> {
  return {
    iss: baseUrl,
    login_hint: newSecret(),
    lti_message_hint: newSecret(),
    target_link_uri: tool.targetLinkUri,
    client_id: tool.clientId,
  };
}

/** A tool goes on to the hub's authorize endpoint, which is not followed. One that is known to be down tells nothing new. */
function hasAnswered(error: unknown): boolean {
  return error instanceof DomainError && ['outbound_redirect_refused', hostDownCode].includes(error.code);
}

function isAway({ kind, code }: DomainError): boolean {
  return kind === 'upstream' && code !== hostDownCode && code !== 'outbound_redirect_refused';
}

async function usualWait(signal: AbortSignal | undefined): Promise<void> {
  await delay(2_000, undefined, { signal }).catch(() => undefined);
}
