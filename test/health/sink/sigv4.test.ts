import { expect, test } from 'vitest';
import { encodePath, signRequest } from '../../../src/health/sink/sigv4.ts';

test('a request is signed as the documentation’s own example is', () => {
  // "Example: PUT Object" of "Signature Calculations for the Authorization Header" (Amazon S3 API Reference).
  const url = new URL(`https://examplebucket.s3.amazonaws.com${encodePath('/test$file.text')}`);
  const key = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  };
  const headers = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
  const request = { method: 'PUT', url, headers, body: Buffer.from('Welcome to Amazon S3.') };
  const { authorization } = signRequest(request, key, Date.UTC(2013, 4, 24));
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,' +
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});
