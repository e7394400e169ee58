import type { OperatorRole, SetupStep } from '../../../contracts/http/roles.ts';
import type { OperatorId, OperatorLinkId, TenantId } from '../../../contracts/ids.ts';
import { unknownHand } from '../hands.ts';

export const linkKinds = ['first_run', 'invitation', 'password', 'set_up', 'sign_in'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** A one-time link, all but what stands in it. */
export interface OperatorLink {
  tenantId: TenantId;
  linkId: OperatorLinkId;
  kind: LinkKind;
  name: string;
  email: string | null;
  roles: readonly OperatorRole[];
  steps: readonly SetupStep[];
  operatorId: OperatorId | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
  /** Who has made it, as in the audit trail; null: nobody knows any more. */
  madeBy: string | null;
  /** Who else could be meant by that: had handed them their own way in. */
  behind: readonly string[];
}

/** Everybody who could have opened a link in place of the one it is for. */
export function handsOfLink({ madeBy, behind }: Pick<OperatorLink, 'madeBy' | 'behind'>): string[] {
  return [...new Set([madeBy ?? unknownHand, ...behind])];
}

export type LinkState = 'open' | 'used' | 'expired' | 'revoked';

/** @param now Unix milliseconds */
export function linkState({ usedAt, revokedAt, expiresAt }: OperatorLink, now: number): LinkState {
  if (revokedAt !== null) return 'revoked';
  if (usedAt !== null) return 'used';
  return expiresAt.getTime() <= now ? 'expired' : 'open';
}

/** The console's page that takes each kind. */
const pages: Readonly<Record<LinkKind, string>> = {
  first_run: 'first-run',
  invitation: 'invitation',
  password: 'invitation',
  set_up: 'sign-in',
  sign_in: 'sign-in',
};

/**
 * What people open. The token stands behind `#`: browsers send that to nobody, so it ends in no log.
 *
 * @param baseUrl without a trailing slash
 */
export function linkAddress(baseUrl: string, kind: LinkKind, token: string): string {
  return `${baseUrl}/console/${pages[kind]}#${token}`;
}
