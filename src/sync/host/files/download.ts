import path from 'node:path';
import { ConnectorError, type FilePlace, type OpenedFiles } from '../../../../contracts/connector.ts';
import type { OutboundResponse } from '../../../platform/outbound/fetch.ts';
import { callSource, type FetchOptions } from '../connector-fetch.ts';
import { missing, tooLarge } from './failures.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, openOne } from './opened.ts';
import { blockBytes, createRemoteFile, type ReadableFile } from './readable-file.ts';
import { openTemporaryFile, type TemporaryFile } from './temporary-file.ts';

const wholeMs = 60 * 60_000;

/**
 * Fetches one file over HTTPS, by way of the disk: it may be larger than memory. To be looked into only, it is read in parts
 * (RFC 9110 §14) where the server gives parts.
 */
export async function openDownload(
  place: Extract<FilePlace, { kind: 'https' }>,
  options: { fetch: FetchOptions; isProbe: boolean; limits: FileLimits },
): Promise<OpenedFiles> {
  const { fetch, limits, isProbe } = options;
  let file: TemporaryFile | undefined;
  let isClosed = false;
  const close = async () => {
    isClosed = true;
    await file?.close();
  };
  const ask = (range?: string) =>
    callSource(fetch, {
      ...questionFor(place, range),
      maxBytes: limits.download,
      timeoutMs: wholeMs,
      receive: async (chunks) => {
        // Each try begins with an empty file.
        await file?.close();
        file = await openTemporaryFile(limits.download);
        // A call that was stopped ends before its answer does.
        if (isClosed) await file.close();
        else await file.append(chunks);
      },
    });
  return closeOnFailure(close, async () => {
    let answer = await ask(isProbe ? rangeOf(0, blockBytes) : undefined);
    let size = partOf(answer, 0);
    // An empty file has no parts (RFC 9110 §15.5.17), and a part of who knows how much is none.
    if (isProbe && (answer.status === 416 || (answer.status === 206 && size === undefined))) {
      answer = await ask();
      size = undefined;
    }
    const { status, headers } = answer;
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
    const handle = size === undefined ? file.handle : await readInParts(place, options, size, file);
    return openOne({ handle, name }, { modifiedAt, limits, close });
  });
}

function questionFor(place: Extract<FilePlace, { kind: 'https' }>, range: string | undefined) {
  return {
    url: place.url,
    headers: { accept: '*/*', ...place.headers, ...(range !== undefined && { range }) },
    // Files often lie at a store that the first address leads to; each step is judged, and secrets stay behind.
    redirects: 3,
  };
}

const rangeOf = (start: number, bytes: number) => `bytes=${start}-${start + bytes - 1}`;

/** Size of the whole file, where an answer is the part of it that begins at `start`. */
function partOf({ status, headers }: OutboundResponse, start: number): number | undefined {
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  return status === 206 && Number(first) === start ? Number(size) : undefined;
}

/** @param first holds the part that has come already */
async function readInParts(
  place: Extract<FilePlace, { kind: 'https' }>,
  { fetch, limits }: { fetch: FetchOptions; limits: FileLimits },
  size: number,
  first: TemporaryFile,
): Promise<ReadableFile> {
  if (size > limits.download) throw tooLarge(limits.download);
  const known = Buffer.alloc(Math.min(blockBytes, size));
  const { bytesRead } = await first.handle.read(known, 0, known.length, 0);
  return createRemoteFile(size, async (start, bytes) => {
    if (start === 0 && bytesRead === known.length) return known;
    const part = await callSource(fetch, { ...questionFor(place, rangeOf(start, bytes)), maxBytes: bytes });
    if (partOf(part, start) === size && part.body.length === bytes) return part.body;
    throw missing(
      'download_changed',
      'The file became another one while the hub looked into it. Check again when it is written.',
    );
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
