import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { DomainError } from '../../platform/errors.ts';
import type { KeySetSource } from './verify.ts';

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Fetches the platform's key set once and keeps it until a fresh one is asked for. Throws `upstream`. */
export function createKeySetSource(jwksUrl: string, fetchKeys: typeof fetch): KeySetSource {
  let cached: Promise<JSONWebKeySet> | undefined;
  return async (fresh) => {
    if (fresh) cached = undefined;
    cached ??= load(jwksUrl, fetchKeys).catch((error: unknown) => {
      cached = undefined;
      throw error;
    });
    return cached;
  };
}

async function load(jwksUrl: string, fetchKeys: typeof fetch): Promise<JSONWebKeySet> {
  try {
    const answer = await fetchKeys(jwksUrl, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new TypeError(`HTTP ${answer.status}`);
    return keySetSchema.parse(await answer.json());
  } catch (cause) {
    const message = "The platform's key set could not be read. Try again in a minute.";
    throw new DomainError('upstream', 'platform_keys_unreadable', message, { cause });
  }
}
