/**
 * A column of a class's gradebook as a tool wrote it (AGS 2.0 §3.2), where no LMS keeps it: the hub does, until it has a
 * place to go to.
 */
export interface KeptContent {
  label: string;
  scoreMaximum: number;
  /** The portal's own id of the link it belongs to. */
  resourceLinkId?: string | undefined;
  resourceId?: string | undefined;
  tag?: string | undefined;
  startDateTime?: string | undefined;
  endDateTime?: string | undefined;
  gradesReleased?: boolean | undefined;
  /** Members of extensions, as they came. */
  extensions: Readonly<Record<string, unknown>>;
}

export interface KeptItem extends KeptContent {
  keptId: string;
}

/** A person's newest score on such a column, as the tool sent it. */
export interface KeptResult {
  /** The person as the connection knows them. */
  subject: string;
  scoreGiven: number | undefined;
  scoreMaximum: number | undefined;
  comment: string | undefined;
}
