import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { demoWorld, type School, type ToolItem, type World } from '../../../src/demo/world.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import type { TemplateName } from '../../../src/privacy/templates.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import type { TestDatabase } from '../../support/database.ts';
import { by, type HubWorld } from '../../support/hub.ts';
import type { PeerMessage, PeerSettings, PlatformMessage } from './messages.ts';

/** The link that opens ltijs in a school's course. */
export const ltijsLink = (school: 'northside' | 'riverbend') => `${school}-ltijs`;

/** The demo's schools, with one more link in each course. */
export const worldWithLtijs: World = { schools: demoWorld.schools.map(withLtijs) };

function withLtijs(school: School): School {
  const { course } = school;
  const item: ToolItem = {
    kind: 'tool',
    id: `${school.slug}-ltijs`,
    title: 'Made with ltijs',
    description: 'A tool by another maker.',
    tool: 'ltijs',
    opensIn: 'frame',
    points: 20,
  };
  const modules = [...course.modules, { id: `${school.slug}-others`, title: 'By others', items: [item] }];
  return { ...school, course: { ...course, modules } };
}

/**
 * Starts ltijs in a process with a database of its own, known to nobody yet. Call it at the top level of a test file; it is
 * gone when the file's tests are done.
 */
export async function startStrangeLtijs(): Promise<{ origin: string; peer: ChildProcess }> {
  const settings: PeerSettings = { databaseUrl: await createPeerDatabase() };
  const peer = fork(new URL('main.ts', import.meta.url), [JSON.stringify(settings)], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  afterAll(() => stop(peer));
  const listening = await messageOf(peer);
  if (listening.kind !== 'listening') throw new Error(`ltijs said "${listening.kind}" first`);
  return { origin: `http://ltijs.localhost:${listening.port}`, peer };
}

/**
 * Starts ltijs in a process with a database of its own, registers it at the hub and the hub there, and switches it on
 * for both schools. Call it at the top level of a test file; it is gone when the file's tests are done.
 */
export async function startLtijs(
  { database }: TestDatabase,
  world: HubWorld,
  policies: { northside: TemplateName; riverbend: TemplateName },
): Promise<Tool> {
  const { origin, peer } = await startStrangeLtijs();
  const tool = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: 'ltijs',
        name: 'Made with ltijs',
        loginInitiationUrl: `${origin}/login`,
        targetLinkUri: `${origin}/`,
        // ltijs takes the target_link_uri for its redirect_uri.
        redirectUris: [`${origin}/`],
        jwksUrl: `${origin}/keys`,
        presentation: 'redirect',
        supportsStorage: false,
      },
      { allowLoopback: true },
      by(),
    ),
  );
  for (const school of ['northside', 'riverbend'] as const) {
    await database.withTenant(world.tenants[school].tenantId, (tx) =>
      enableToolWithPolicy(tx, { toolId: tool.toolId, template: policies[school] }, by()),
    );
  }
  const platform: PlatformMessage = {
    issuer: world.hubUrl,
    clientId: tool.clientId,
    authorizeUrl: `${world.hubUrl}/platform/authorize`,
    jwksUrl: `${world.hubUrl}/.well-known/jwks.json`,
  };
  peer.send(platform);
  await messageOf(peer);
  return tool;
}

/** The next message of the peer. Throws when it ends instead. */
async function messageOf(peer: ChildProcess): Promise<PeerMessage> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(peer, 'exit', { signal }).then(([code]) => {
    throw new Error(`ltijs ended with code ${code}`);
  });
  try {
    const [message] = await Promise.race([once(peer, 'message', { signal }), ended]);
    return message as PeerMessage;
  } finally {
    ended.catch(() => {});
    settled.abort();
  }
}

async function stop(peer: ChildProcess): Promise<void> {
  if (peer.exitCode !== null || peer.signalCode !== null) return;
  const ended = once(peer, 'exit');
  peer.disconnect();
  await ended;
}

/** @returns the address of an empty database, dropped after the file's tests */
async function createPeerDatabase(): Promise<string> {
  const server = new pg.Client({ connectionString: inject('databaseServerUrl') });
  await server.connect();
  const name = `gatehouse_ltijs_${randomBytes(6).toString('hex')}`;
  await server.query(`create database ${name}`);
  afterAll(async () => {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });
  const url = new URL(inject('databaseServerUrl'));
  url.pathname = `/${name}`;
  return url.href;
}
