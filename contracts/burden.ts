/** Trackers whose webhooks the hub reads. */
export const workShapes = ['github', 'gitlab', 'jira'] as const;
export type WorkShape = (typeof workShapes)[number];

/** Whether work kept an integration going, or made a new one. */
export const workIntegrations = ['existing', 'new'] as const;

/** What is counted as toil: work that the hub makes people do. */
export const toilKinds = ['incidents', 'replays', 'rotations', 'edits', 'holds'] as const;
export type ToilKind = (typeof toilKinds)[number];
