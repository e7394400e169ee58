import { z } from 'zod';
import { isDeploymentId } from '../../connections/deployment-id.ts';
import { toolClaim } from './tool-configuration.ts';

/** What a platform made of the hub's registration. */
export interface RegistrationAnswer {
  clientId: string;
  /** Where the platform has deployed the tool right away. */
  deploymentId: string | undefined;
  /** Scopes that were asked for and are not granted. */
  missingScopes: readonly string[];
}

const deploymentId = z.string().refine(isDeploymentId).optional().catch(undefined);

const answer = z.object({
  client_id: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  scope: z.string().max(10_000).optional().catch(undefined),
  redirect_uris: z.array(z.string()).max(1_000).optional().catch(undefined),
  initiate_login_uri: z.string().optional().catch(undefined),
  // Canvas says it out here.
  deployment_id: deploymentId,
  [toolClaim]: z.object({ deployment_id: deploymentId }).optional().catch(undefined),
});

/**
 * Reads the answer to a registration (RFC 7591 §3.2.1; LTI Dynamic Registration 1.0 §3.6). A platform may change what was
 * asked for; without the hub's own addresses nothing could be opened.
 *
 * @returns undefined for one that cannot be used
 */
export function readAnswer(
  given: unknown,
  asked: { scope: string; launchUrl: string; loginUrl: string },
): RegistrationAnswer | undefined {
  const read = answer.safeParse(given);
  if (!read.success) return undefined;
  const { data } = read;
  if (data.redirect_uris !== undefined && !data.redirect_uris.includes(asked.launchUrl)) return undefined;
  if (data.initiate_login_uri !== undefined && data.initiate_login_uri !== asked.loginUrl) return undefined;
  const granted = data.scope?.split(' ');
  return {
    clientId: data.client_id,
    deploymentId: data[toolClaim]?.deployment_id ?? data.deployment_id,
    missingScopes: asked.scope
      .split(' ')
      .filter((scope) => scope !== '' && granted?.includes(scope) === false),
  };
}
