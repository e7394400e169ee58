import { claimMessages } from './claims.ts';
import { documentMessages } from './documents.ts';
import type { HostileMessage } from './message.ts';
import { signatureMessages } from './signatures.ts';
import { wrappingMessages } from './wrapping.ts';

/** Every hostile answer to a sign-in, for the checker and for whatever endpoint stands before it. */
export const hostileMessages: readonly HostileMessage[] = [
  ...wrappingMessages,
  ...signatureMessages,
  ...documentMessages,
  ...claimMessages,
];
