import { deflateRawSync } from 'node:zlib';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../../../src/sso/saml/refusal.ts';
import { decodeBase64, inflate } from '../../../src/sso/saml/xml/decode.ts';
import { messageLimits } from '../../../src/sso/saml/xml/limits.ts';
import { scanXml } from '../../../src/sso/saml/xml/scan.ts';
import { readDuration, readInstant, writeInstant } from '../../../src/sso/saml/xml/time.ts';
import { attribute, xml } from '../../../src/sso/saml/xml/write.ts';

function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'accepted';
}

test('a body that inflates beyond the limit is given up at the limit', () => {
  const bomb = deflateRawSync(Buffer.alloc(300_000_000), { level: 9 });
  expect(bomb.length).toBeLessThan(400_000);
  const before = process.memoryUsage().arrayBuffers;
  expect(reasonOf(() => inflate(bomb, messageLimits))).toBe('message_too_large');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  expect(reasonOf(() => inflate(Buffer.from('no deflate'), messageLimits))).toBe('message_encoding');
});

test.each(['YQ', 'YQ=', 'YR==', 'Y Q==', 'YQ==YQ==', '=', '', 'Y\u0000Q='])(
  '%j is not taken for base64',
  (text) => {
    expect(reasonOf(() => decodeBase64(text, messageLimits))).toBe('message_encoding');
  },
);

test('base64 may be broken into lines', () => {
  expect(decodeBase64('aGVs\r\nbG8=\n', messageLimits).toString()).toBe('hello');
});

test('the scanner counts what the parser builds', () => {
  const name = fc.constantFrom('a', 'b:c', 'd-e');
  const value = fc.constantFrom('', 'x', '/>', '>', '&lt;', "'", '<!--'.replace('<', ''));
  const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('text', '<!-- <a> -->', '<![CDATA[<a b="c">]]>', '<a/>'),
      tie('tree'),
    ),
    tree: fc
      .tuple(name, fc.array(value, { maxLength: 3 }), fc.array(tie('node'), { maxLength: 4 }))
      .map(([tag, values, nodes]) => {
        const attributes = values.map((text, index) => ` v${index}="${text}"`).join('');
        return `<${tag} xmlns:b="urn:b"${attributes}>${nodes.join('')}</${tag}>`;
      }),
  }));
  fc.assert(
    fc.property(tree, (text) => {
      const elements = Array.from(
        new DOMParser().parseFromString(text, 'text/xml').getElementsByTagName('*'),
      );
      const depthOf = (node: Node | null): number =>
        node?.nodeType === 1 ? 1 + depthOf(node.parentNode) : 0;
      expect(scanXml(text, messageLimits)).toEqual({
        elements: elements.length,
        attributes: elements.reduce((sum, element) => sum + element.attributes.length, 0),
        depth: Math.max(...elements.map(depthOf)),
      });
    }),
    { numRuns: 200 },
  );
});

test('an XML declaration may come first, in UTF-8 only', () => {
  expect(
    reasonOf(() => scanXml('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a/>', messageLimits)),
  ).toBe('accepted');
  expect(reasonOf(() => scanXml('<?xml version="1.1"?><a/>', messageLimits))).toBe('xml_forbidden');
  expect(reasonOf(() => scanXml('<a/><?xml version="1.0"?>', messageLimits))).toBe('xml_forbidden');
});

test('a document type is found wherever it hides', () => {
  for (const text of ['<!-- x --><!DOCTYPE a><a/>', '<a><!-- <!DOCTYPE a> --></a>', '<a><![cdata[x]]></a>']) {
    expect(reasonOf(() => scanXml(text, messageLimits))).toBe('xml_forbidden');
  }
});

test('only instants of UTC that exist are instants', () => {
  expect(readInstant('2026-11-21T12:00:00Z')).toBe(Date.parse('2026-11-21T12:00:00Z'));
  expect(readInstant('2026-11-21T12:00:00.123456Z')).toBe(Date.parse('2026-11-21T12:00:00.123Z'));
  expect(readInstant(undefined)).toBeUndefined();
  for (const text of [
    '',
    '2026-02-30T00:00:00Z',
    '2026-11-21T12:00:00',
    '2026-11-21T12:00:00+00:00',
    '2026-11-21',
  ]) {
    expect(readInstant(text)).toBeNaN();
  }
  expect(writeInstant(Date.parse('2026-11-21T12:00:00.999Z'))).toBe('2026-11-21T12:00:00Z');
});

test('durations of a fixed length are read', () => {
  expect(readDuration('P1DT2H3M4S')).toBe(93_784_000);
  expect(readDuration('PT6H')).toBe(21_600_000);
  for (const text of ['P1M', 'P', 'PT', '-P1D', '1D', undefined]) expect(readDuration(text)).toBeUndefined();
});

test('what is written into XML is escaped, and what XML cannot hold is left out', () => {
  expect(xml`<a${attribute('b', '"<&')}>${['<x>', '\u0000\u{1f600}']}</a>`.text).toBe(
    '<a b="&quot;&lt;&amp;">&lt;x&gt;\u{1f600}</a>',
  );
});
