/** A launch as stored, for whoever asks what happened. */
export interface StoredLaunch {
  launchId: string;
  reference: string;
  state: string;
  outcome: string | undefined;
  reason: string | undefined;
  connectionId: string | undefined;
  deploymentId: string | undefined;
  toolId: string | undefined;
  binding: string | undefined;
  presentation: string | undefined;
  policyVersion: number | undefined;
  facts: Record<string, unknown>;
  warnings: string[];
  startedAt: Date;
  endedAt: Date | undefined;
}
