import { parseHandle } from '../../src/platform/handle.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { registerTool } from '../../src/tools/tools.ts';
import type { ToolLogin } from './authorize.ts';
import type { TestDatabase } from './database.ts';
import { by } from './hub.ts';
import type { LaunchRow } from './launch-rows.ts';
import { loopbackAllowed } from './registrations.ts';

/** The launch a tool's login belongs to. */
export async function launchOf({ superuser }: TestDatabase, { initiation }: ToolLogin): Promise<LaunchRow> {
  const launchId = parseHandle(initiation.lti_message_hint?.split('.')[0], 2)?.ids[1];
  const { rows } = await superuser.query<LaunchRow>('select * from launch where launch_id = $1', [launchId]);
  if (rows[0] === undefined) throw new Error('The hint names no launch');
  return rows[0];
}

/** Whether the hint of a tool's login can still be used. */
export async function isHintOpen({ superuser }: TestDatabase, { initiation }: ToolLogin): Promise<boolean> {
  const hash = parseHandle(initiation.lti_message_hint?.split('.')[0], 2)?.hash;
  return (await superuser.query('select from lti_hint where hint_hash = $1', [hash])).rows.length === 1;
}

/** How a launch ended: its state and reason. */
export async function endOf(testDatabase: TestDatabase, login: ToolLogin): Promise<[string, string | null]> {
  const { state, reason } = await launchOf(testDatabase, login);
  return [state, reason];
}

/** Registers a second tool, which no school has. */
export function registerOtherTool({ database }: TestDatabase): Promise<Tool> {
  const settings = {
    slug: 'other-tool',
    name: 'Other tool',
    loginInitiationUrl: 'https://other.example/login',
    targetLinkUri: 'https://other.example/',
    redirectUris: ['https://other.example/launch'],
  };
  return database.withHub((tx) => registerTool(tx, settings, loopbackAllowed, by()));
}
