import type { JSONWebKeySet } from 'jose';
import type { EnablementId, ToolId } from '../../contracts/ids.ts';
import type { Presentation, SwitchState } from '../../contracts/tools.ts';

export { type Presentation, presentations, type SwitchState, switchStates } from '../../contracts/tools.ts';

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
