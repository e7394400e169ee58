import { randomUUID } from 'node:crypto';
import { newId, type ToolId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import type { AddressRules } from '../platform/partner-values.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import { type NewTool, type ToolSettings, toolSettings } from './settings.ts';
import { findTool, findToolBySlug, findToolForUpdate, insertTool, saveTool } from './store.ts';
import type { Tool } from './tool.ts';

export { findTool, findToolByClientId, findToolBySlug, listTools } from './store.ts';

/**
 * Registers a tool with the hub and gives it its client_id.
 *
 * @throws DomainError input `tool_invalid`, conflict `tool_slug_taken`
 */
export async function registerTool(
  tx: HubTx,
  input: NewTool,
  rules: AddressRules,
  by: ChangeBy,
): Promise<Tool> {
  const settings = parseInput(toolSettings(rules), input, 'tool_invalid');
  const tool: Tool = { toolId: newId<ToolId>(by.now), clientId: randomUUID(), version: 1, ...settings };
  await refusingTakenSlug(tool.slug, () => insertTool(tx, tool, by.now));
  await recordChange(
    tx,
    {
      announce: `tool:${tool.toolId}`,
      action: 'tool.registered',
      subject: `tool:${tool.toolId}`,
      after: { clientId: tool.clientId, ...settings },
    },
    by,
  );
  return tool;
}

/**
 * Changes the settings given and keeps the others. A JWKS URL takes the place of pasted keys, and pasted keys
 * that of a JWKS URL.
 *
 * @throws DomainError not_found `tool_unknown`, input `tool_invalid`, conflict `tool_slug_taken`
 */
export async function updateTool(
  tx: HubTx,
  toolId: ToolId,
  changes: Partial<ToolSettings>,
  rules: AddressRules,
  by: ChangeBy,
): Promise<Tool> {
  const current = await findToolForUpdate(tx, toolId);
  if (current === undefined) throw unknownTool(toolId);
  const { toolId: _id, clientId, version, ...before } = current;
  const after = parseInput(toolSettings(rules), { ...before, ...oneKeySource(changes) }, 'tool_invalid');
  const tool: Tool = { toolId, clientId, version: version + 1, ...after };
  await refusingTakenSlug(tool.slug, () => saveTool(tx, tool, by.now));
  await recordChange(
    tx,
    { announce: `tool:${toolId}`, action: 'tool.updated', subject: `tool:${toolId}`, before, after },
    by,
  );
  return tool;
}

/** Switches a tool off, or on again, for every tenant. @throws DomainError not_found `tool_unknown` */
export function setToolStatus(
  tx: HubTx,
  toolId: ToolId,
  status: Tool['status'],
  rules: AddressRules,
  by: ChangeBy,
): Promise<Tool> {
  return updateTool(tx, toolId, { status }, rules, by);
}

/** The tool of an id. @throws DomainError not_found `tool_unknown` */
export async function getTool(tx: TenantTx | HubTx, toolId: ToolId): Promise<Tool> {
  const tool = await findTool(tx, toolId);
  if (tool === undefined) throw unknownTool(toolId);
  return tool;
}

/** The tool of a slug. @throws DomainError not_found `tool_unknown` */
export async function getToolBySlug(tx: TenantTx | HubTx, slug: string): Promise<Tool> {
  const tool = await findToolBySlug(tx, slug);
  if (tool === undefined) throw unknownTool(slug);
  return tool;
}

function unknownTool(wanted: string): DomainError {
  return new DomainError('not_found', 'tool_unknown', `There is no tool "${wanted}". Check its short name.`);
}

/** Where one source of keys is given, the other goes; where both are, the settings' own check refuses. */
function oneKeySource(changes: Partial<ToolSettings>): Partial<ToolSettings> {
  if (changes.jwksUrl && !changes.jwks) return { ...changes, jwks: null };
  if (changes.jwks && !changes.jwksUrl) return { ...changes, jwksUrl: null };
  return changes;
}

function refusingTakenSlug(slug: string, write: () => Promise<void>): Promise<void> {
  const message = `There is already a tool "${slug}". Choose another short name.`;
  const refuse = (cause: unknown) => new DomainError('conflict', 'tool_slug_taken', message, { cause });
  return refusingTaken('tool_slug_key', write, refuse);
}
