/** What can break an integration that worked. */
export const changeTypes = [
  'settings',
  'credentials',
  'mapping',
  'connector_version',
  'hub_release',
] as const;
export type ChangeType = (typeof changeTypes)[number];

/** What shows that a change failed. */
export const changeFailures = ['rolled_back', 'hot_fixed', 'incident', 'burn'] as const;
export type ChangeFailure = (typeof changeFailures)[number];
