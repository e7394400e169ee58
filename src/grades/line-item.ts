import type { ConnectionId, ContextId, LineItemId, ResourceLinkId, ToolId } from '../../contracts/ids.ts';

/** A column of an LMS's gradebook as one tool knows it. Labels and maxima are the LMS's: they are kept nowhere here. */
export interface LineItem {
  /** The hub's own id. */
  lineItemId: LineItemId;
  connectionId: ConnectionId;
  /** Of the LMS at this connection. */
  deploymentId: string;
  contextId: ContextId;
  toolId: ToolId;
  /** The link it was first seen with; null for one the tool made without any (AGS 2.0, decoupled line items). */
  resourceLinkId: ResourceLinkId | null;
  /** Its address at the LMS, character by character. */
  lmsUrl: string;
}

/** Where an LMS keeps the grades of a course, and what it has granted there, as its launches last said. */
export interface Course {
  connectionId: ConnectionId;
  deploymentId: string;
  lineItemsUrl: string | null;
  agsScopes: string[];
}

/** A link of a tool, by the hub's id and by the LMS's. */
export interface LinkIds {
  resourceLinkId: ResourceLinkId;
  lmsResourceLinkId: string;
}
