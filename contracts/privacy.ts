/** Words that the hub and its HTTP API share about what tools may see of people. */

/** What the data is released for; every protocol serves one of them. */
export const purposes = ['launch', 'roster', 'grades', 'webhook', 'api'] as const;
export type Purpose = (typeof purposes)[number];

/** `hash` releases a name for the value that is the same at every release to this tool of this tenant. */
export const actions = ['allow', 'hash', 'drop'] as const;
export type Action = (typeof actions)[number];

/** Policies to begin with. */
export const templateNames = ['anonymous', 'names', 'names_and_email'] as const;
export type TemplateName = (typeof templateNames)[number];
