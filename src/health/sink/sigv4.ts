import { createHash, createHmac } from 'node:crypto';

export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** A path as it stands in the address and in the signature (RFC 3986 §2.3: these alone are unreserved). */
export function encodePath(text: string): string {
  return text
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

/**
 * Signs a request without a query (AWS Signature Version 4, "Authenticating Requests: Using the Authorization Header", payload
 * in a single chunk).
 *
 * @param request.url its path encoded by `encodePath`
 * @param request.headers those to be signed beside the host, with lower-case names
 * @param now unix milliseconds
 * @returns all headers to send, but the host
 */
export function signRequest(
  request: { method: string; url: URL; headers: Readonly<Record<string, string>>; body: Buffer },
  { accessKeyId, secretAccessKey, region }: S3Key,
  now: number,
): Record<string, string> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const bodyHash = hash(request.body);
  const sent = { ...request.headers, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time };
  const signed = Object.entries({ ...sent, host: request.url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    request.url.pathname,
    '',
    ...signed.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce(mac, mac(`AWS4${secretAccessKey}`, day));
  const signature = mac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names},Signature=${signature}`;
  return { ...sent, authorization };
}
