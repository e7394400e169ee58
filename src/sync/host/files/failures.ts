import { ConnectorError } from '../../../../contracts/connector.ts';

/** An archive or a name that attacks; never tried again by itself. */
export function unsafe(code: string, message: string): ConnectorError {
  return new ConnectorError('files_unsafe', code, message);
}

/** What should be there is not, or not whole; tried again later, unless it was handed over as it is. */
export function missing(code: string, message: string, cause?: unknown): ConnectorError {
  return new ConnectorError('source_missing', code, message, cause === undefined ? undefined : { cause });
}

/** What the settings say cannot work. */
export function wrongSettings(code: string, message: string, cause?: unknown): ConnectorError {
  return new ConnectorError('settings', code, message, cause === undefined ? undefined : { cause });
}

/** The archive cannot be read to its end: most often somebody was still writing it. */
export function damaged(cause?: unknown): ConnectorError {
  return missing(
    'archive_damaged',
    'The archive is not whole. Write it anew, and hand it over, or move it to its place, only when it is finished.',
    cause,
  );
}

/** More than the hub takes. */
export function tooLarge(bytes: number): ConnectorError {
  return unsafe(
    'files_too_large',
    `The files are larger than the ${bytes} bytes that the hub takes. Export fewer years or schools at once.`,
  );
}

/** The code of an error of the operating system, or of a library; empty where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : String(error.code);
}
