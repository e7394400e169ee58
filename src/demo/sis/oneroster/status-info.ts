import type { Response } from 'express';

export type Version = '1.1' | '1.2';

/** Reasons of the specification (error codes of 1.1 and of the 1.2 REST bindings), each with its HTTP status. */
const statuses = {
  invalid_filter_field: 400,
  invalid_blank_selection_field: 400,
  invalid_sort_field: 400,
  invalid_selection_field: 400,
  invaliddata: 422,
  unauthorisedrequest: 401,
  forbidden: 403,
  unknownobject: 404,
  server_busy: 429,
  internal_server_error: 500,
} as const;
export type MinorCode = keyof typeof statuses;

/** An answer that is none: imsx_StatusInfo with the code of its reason. */
export function fail(response: Response, version: Version, code: MinorCode, description: string): Response {
  const fields = [{ imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: code }];
  const info = {
    imsx_codeMajor: 'failure',
    imsx_severity: 'error',
    imsx_description: description,
    // 1.1 has one value, 1.2 a list of them.
    ...(version === '1.1' ? { imsx_codeMinor: code } : { imsx_CodeMinor: { imsx_codeMinorField: fields } }),
  };
  return response.status(statuses[code]).json(info);
}
