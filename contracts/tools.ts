/** Words that the hub and its HTTP API share about tools. */

/** How the tool's page is shown: in the hub's place, in a frame of the hub's page, or in a window of its own. */
export const presentations = ['redirect', 'framed', 'new_window'] as const;
export type Presentation = (typeof presentations)[number];

export const switchStates = ['active', 'disabled'] as const;
export type SwitchState = (typeof switchStates)[number];
