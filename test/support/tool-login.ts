import { parseHandle } from '../../src/lti/handle.ts';
import type { ToolLogin } from './authorize.ts';
import type { TestDatabase } from './database.ts';
import type { LaunchRow } from './launch-rows.ts';

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
