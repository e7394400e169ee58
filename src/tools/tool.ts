import type { JSONWebKeySet } from 'jose';
import type { EnablementId, ToolId } from '../../contracts/ids.ts';

/** How the tool's page is shown: in the hub's place, in a frame of the hub's page, or in a window of its own. */
export const presentations = ['redirect', 'framed', 'new_window'] as const;
export type Presentation = (typeof presentations)[number];

export const switchStates = ['active', 'disabled'] as const;
export type SwitchState = (typeof switchStates)[number];

/** A downstream application, registered once with the hub. */
export interface Tool {
  toolId: ToolId;
  slug: string;
  name: string;
  /** What the tool knows itself by at the hub (OAuth client_id). */
  clientId: string;
  loginInitiationUrl: string;
  targetLinkUri: string;
  /** Compared character by character at authorize. */
  redirectUris: string[];
  /** Where its public keys are, or the keys themselves; neither for a tool that calls no service. */
  jwksUrl: string | null;
  jwks: JSONWebKeySet | null;
  presentation: Presentation;
  /** Whether it speaks the postMessage storage of the hub (LTI OIDC Login with Client Side postMessages). */
  supportsStorage: boolean;
  /** What it may ask access tokens for, at most. */
  scopes: string[];
  status: SwitchState;
  /** Raised by one with every change. */
  version: number;
}

/** A tool's being switched on for one tenant. */
export interface Enablement {
  enablementId: EnablementId;
  /** What the tool knows this tenant by (LTI Core §3.1.3). */
  deploymentId: string;
  /** Custom parameters for every launch of this tenant (LTI Core §5.4.6). */
  custom: Record<string, string>;
  status: SwitchState;
  /** The release policy in force. */
  policyVersion: number;
  /** Raised by one with every change. */
  version: number;
}

export interface EnabledTool {
  tool: Tool;
  enablement: Enablement;
}
