import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A store that keeps what is put with a good signature, written from the specification (AWS Signature Version 4). */
export async function startS3(key: { accessKeyId: string; secretAccessKey: string; region: string }) {
  const objects = new Map<string, string>();
  const failures: number[] = [];
  let refused = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const status = failures.shift();
    if (status !== undefined) return response.writeHead(status).end();
    const { authorization = '', host = '', ...headers } = request.headers;
    const [, credential = '', names = '', given = ''] =
      /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
        authorization,
      ) ?? [];
    const [id, day = '', region = '', service = '', end = ''] = credential.split('/');
    const sha = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
    const canonical =
      `${request.method}\n${request.url}\n\n` +
      names
        .split(';')
        .map((name) => `${name}:${name === 'host' ? host : headers[name]}\n`)
        .join('') +
      `\n${names}\n${headers['x-amz-content-sha256']}`;
    const text = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${day}/${region}/${service}/${end}\n${sha(canonical)}`;
    let secret: Buffer | string = `AWS4${key.secretAccessKey}`;
    for (const part of [day, region, service, end])
      secret = createHmac('sha256', secret).update(part).digest();
    const isGood =
      id === key.accessKeyId &&
      `${region} ${service} ${end}` === `${key.region} s3 aws4_request` &&
      names.split(';').includes('host') &&
      headers['x-amz-content-sha256'] === sha(body) &&
      createHmac('sha256', secret).update(text).digest('hex') === given;
    if (!isGood) refused += 1;
    else objects.set(request.url ?? '', body.toString());
    return response.writeHead(isGood && request.method === 'PUT' ? 200 : 403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/gatehouse`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url, objects, failures, refusals: () => refused, close };
}
