import { createSecretKey, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { ResourceLinkId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { decrypt, encrypt } from '../../platform/secrets/aes-gcm.ts';
import type { AgsCall } from '../ags/call.ts';

/** Where a reading of a class list stands. */
const position = z.object({
  /** The LMS's address of the page to go on with, and how many of its members were shown already; absent: at the start. */
  url: z.string().optional(),
  skip: z.number().default(0),
  /** Members that the LMS's pages before have held; a page without any counts as one. */
  read: z.number().optional(),
  /** Unix milliseconds of the begin of the reading; absent: it begins with this call. */
  startedAt: z.number().optional(),
  /** Only what has changed since the reading that began then. */
  since: z.number().optional(),
  role: z.string().optional(),
  limit: z.number().optional(),
  /** With the groups of each. */
  groups: z.boolean().optional(),
  resourceLinkId: z
    .uuid()
    .transform((id) => id as ResourceLinkId)
    .optional(),
});

export type Position = z.output<typeof position>;

/**
 * Seals where a reading stands into what stands in a link: the LMS's own address must not be told, and a tool must not make
 * one, since the hub's token goes there.
 */
export interface PageTokens {
  seal(call: Pick<AgsCall, 'tenantId' | 'toolId' | 'contextId'>, position: Position): string;
  /** @throws DomainError input `query_invalid` for one that is not the hub's, or another tool's or course's */
  open(call: Pick<AgsCall, 'tenantId' | 'toolId' | 'contextId'>, token: string): Position;
}

/** @param secret at least 32 bytes that every copy shares */
export function createPageTokens(secret: Buffer): PageTokens {
  const purpose = 'gatehouse memberships page';
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
  const bound = ({ tenantId, toolId, contextId }: Pick<AgsCall, 'tenantId' | 'toolId' | 'contextId'>) =>
    Buffer.from(`${purpose} ${tenantId} ${toolId} ${contextId}`);
  return {
    seal: (call, at) => encrypt(key, Buffer.from(JSON.stringify(at)), bound(call)).toString('base64url'),
    open: (call, token) => {
      try {
        const text = decrypt(key, Buffer.from(token, 'base64url'), bound(call)).toString('utf8');
        return position.parse(JSON.parse(text));
      } catch (cause) {
        const message = 'page: follow the Link header of the page before, as it is.';
        throw new DomainError('input', 'query_invalid', message, { cause });
      }
    },
  };
}
