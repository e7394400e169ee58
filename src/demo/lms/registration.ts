/** How the LMS presents a launch to a tool; the differences seen between real LMSs. */
export interface LoginKnobs {
  /** Third-party initiated login by a form or by a link. Security Framework 1.0 §5.1.1.1 allows both. */
  method: 'GET' | 'POST';
  /** Some LMSs leave out the optional client_id. */
  includeClientId: boolean;
  /** The parameter that carries the deployment; Canvas sends `deployment_id`. */
  deploymentParameter: 'lti_deployment_id' | 'deployment_id' | 'none';
  /** Value of lti_storage_target; null when the LMS offers no storage. */
  storageTarget: string | null;
  /** Canvas lets a message hint be used for one authorization only; Moodle for many. */
  messageHintUse: 'many' | 'once';
}

export const defaultLoginKnobs: LoginKnobs = {
  method: 'POST',
  includeClientId: true,
  deploymentParameter: 'lti_deployment_id',
  storageTarget: 'post_message_forwarding',
  messageHintUse: 'many',
};

/** One school's use of a registered tool. */
export interface ToolDeployment {
  school: string;
  deploymentId: string;
  /** OIDC login initiation URL of this deployment. */
  loginUrl: string;
  /** target_link_uri by the name that course items use. */
  targets: Readonly<Record<string, string>>;
  /** target_link_uri where teachers choose content; undefined: the tool offers none. */
  contentUrl?: string;
}

/** A tool registered with the LMS: one client_id, deployed to any number of schools. */
export interface ToolRegistration {
  clientId: string;
  name: string;
  /** Exact redirect URIs; nothing is ever sent elsewhere. */
  redirectUris: readonly string[];
  /** Where the public keys are that its assertions are checked with; undefined: it may not ask for access tokens. */
  jwksUrl?: string;
  /** What its access tokens may be for; none: launches name no gradebook. */
  scopes?: readonly string[];
  deployments: readonly ToolDeployment[];
}

/** The registration and deployment that open a named tool at a school, or undefined. */
export function findPlacement(
  registrations: readonly ToolRegistration[],
  school: string,
  tool: string,
  clientId?: string,
): { registration: ToolRegistration; deployment: ToolDeployment; targetLinkUri: string } | undefined {
  for (const registration of registrations) {
    if (clientId !== undefined && registration.clientId !== clientId) continue;
    for (const deployment of registration.deployments) {
      const targetLinkUri = deployment.targets[tool];
      if (deployment.school === school && targetLinkUri !== undefined) {
        return { registration, deployment, targetLinkUri };
      }
    }
  }
  return undefined;
}
