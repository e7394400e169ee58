import path from 'node:path';
import { ConnectorError, type FilePlace, type OpenedFiles } from '../../../../contracts/connector.ts';
import { callSource, type FetchOptions } from '../connector-fetch.ts';
import { missing } from './failures.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, openOne } from './opened.ts';
import { openTemporaryFile, type TemporaryFile } from './temporary-file.ts';

const wholeMs = 60 * 60_000;

/** Fetches one file over HTTPS, by way of the disk: it may be larger than memory. */
export async function openDownload(
  place: Extract<FilePlace, { kind: 'https' }>,
  options: { fetch: FetchOptions; limits: FileLimits },
): Promise<OpenedFiles> {
  const { fetch, limits } = options;
  let file: TemporaryFile | undefined;
  let isClosed = false;
  const close = async () => {
    isClosed = true;
    await file?.close();
  };
  return closeOnFailure(close, async () => {
    const { status, headers } = await callSource(fetch, {
      url: place.url,
      headers: { accept: '*/*', ...place.headers },
      maxBytes: limits.download,
      timeoutMs: wholeMs,
      // Files often lie at a store that the first address leads to; each step is judged, and secrets stay behind.
      redirects: 3,
      receive: async (chunks) => {
        // Each try begins with an empty file.
        await file?.close();
        file = await openTemporaryFile(limits.download);
        // A call that was stopped ends before its answer does.
        if (isClosed) await file.close();
        else await file.append(chunks);
      },
    });
    if (file === undefined || status < 200 || status >= 300) throw refusal(status);
    if (/^\s*text\/html\b/i.test(headers['content-type'] ?? '')) {
      throw new ConnectorError(
        'answer_invalid',
        'answer_is_web_page',
        'The address answers with a web page in place of a file. It may need a sign-in; use an address for machines.',
      );
    }
    const name = path.posix.basename(new URL(place.url).pathname);
    const modified = Date.parse(headers['last-modified'] ?? '');
    const modifiedAt = Number.isNaN(modified) ? undefined : modified;
    return openOne({ handle: file.handle, name }, { modifiedAt, limits, close });
  });
}

function refusal(status: number): ConnectorError {
  if (status === 401 || status === 403) {
    return new ConnectorError(
      'refused',
      'download_not_allowed',
      'The server does not hand out the file. Check the access that its address needs.',
    );
  }
  if (status === 404 || status === 410) {
    return missing(
      'download_missing',
      'There is no file at this address. Check it, and whether the export has run.',
    );
  }
  return new ConnectorError(
    'unavailable',
    'download_failed',
    `The server answers with status ${status} in place of the file. The run goes on later.`,
  );
}
