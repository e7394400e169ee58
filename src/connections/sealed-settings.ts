import { type ZodObject, z } from 'zod';
import { secretNames } from '../../contracts/connector.ts';
import type { TenantTx } from '../platform/db.ts';
import { parseInput } from '../platform/input.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';

/** Settings of a connection, by name. */
export type Settings = Record<string, unknown>;

/** Where the secret ones of a connection are kept. */
export interface SettingsPlace {
  table: 'roster_source' | 'identity_source';
  row: string;
}

/**
 * Settings as their schema wants them, parted into what may be shown and what is sealed.
 *
 * @throws DomainError input with the code given
 */
export function partSettings(
  schema: ZodObject,
  given: Settings,
  code: string,
): { open: Settings; secret: Settings } {
  const parsed: Settings = parseInput(schema, given, code);
  const names = new Set(secretNames(schema));
  const entries = Object.entries(parsed).filter(([, value]) => value !== undefined);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !names.has(name))),
    secret: Object.fromEntries(entries.filter(([name]) => names.has(name))),
  };
}

/** Changes over settings, one by one; null takes one out. */
export function mergeSettings(before: Settings, changes: Settings): Settings {
  const merged = { ...before, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** @returns null where there is nothing secret */
export async function sealSettings(
  secrets: Pick<Secrets, 'seal' | 'open'>,
  tx: TenantTx,
  place: SettingsPlace,
  secret: Settings,
): Promise<Buffer | null> {
  if (Object.keys(secret).length === 0) return null;
  return secrets.seal(tx, { ...place, column: 'sealed_secrets' }, JSON.stringify(secret));
}

const sealedForm = z.record(z.string(), z.unknown());

/** Settings whole, with those that are secret. @throws DomainError `secret_unreadable` */
export async function openSettings(
  secrets: Pick<Secrets, 'seal' | 'open'>,
  tx: TenantTx,
  place: SettingsPlace,
  { settings, sealedSecrets }: { settings: Settings; sealedSecrets: Buffer | null },
): Promise<Settings> {
  if (sealedSecrets === null) return settings;
  const opened = await secrets.open(tx, { ...place, column: 'sealed_secrets' }, sealedSecrets);
  return { ...settings, ...sealedForm.parse(JSON.parse(opened.toString())) };
}
