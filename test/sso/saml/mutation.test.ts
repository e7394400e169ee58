import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { answer, honest } from './support/idp.ts';
import { byActive, createWorld, receive, type World } from './support/world.ts';

let world: World;
let messages: string[];
let truth: unknown;

beforeAll(async () => {
  world = await createWorld();
  const said = honest(world.target);
  const signer = byActive(world);
  const encrypt = { to: [world.keys.decryption.certificate.key] };
  messages = [
    answer(said, { signAssertion: signer }),
    answer(said, { signResponse: signer }),
    answer(said, { signAssertion: signer, encrypt }),
  ];
  truth = judged(messages[0]!);
});

/** What a message says about a person, or nothing where it is refused. */
function judged(xml: string): unknown {
  const result = receive(world, xml);
  return result.accepted ? { ...result.signedIn, oneTime: result.oneTime } : undefined;
}

/** A change may be harmless; it never changes what is believed. */
function expectSame(xml: string): void {
  const found = judged(xml);
  if (found !== undefined) expect(found).toEqual(truth);
}

const which = fc.nat({ max: 2 });

test('all three kinds of message say the same when nobody touches them', () => {
  for (const message of messages) expect(judged(message)).toEqual(truth);
});

test('no change of octets makes a message say something else', () => {
  fc.assert(
    fc.property(
      which,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 255 }),
      (kind, place, octet) => {
        const bytes = Buffer.from(messages[kind]!);
        bytes[Math.floor(place * (bytes.length - 1))] = octet;
        expectSame(bytes.toString('latin1'));
      },
    ),
    { numRuns: 400 },
  );
});

test('no text put in, taken out or doubled makes a message say something else', () => {
  const pieces = [
    '<!---->',
    '<!-- x -->',
    '<![CDATA[x]]>',
    '&amp;',
    '&#x41;',
    'x',
    ' ',
    '<x/>',
    'ID="_evil" ',
  ];
  fc.assert(
    fc.property(
      which,
      fc.nat(),
      fc.nat({ max: 40 }),
      fc.constantFrom('', ...pieces),
      (kind, seed, length, piece) => {
        const xml = messages[kind]!;
        const at = seed % xml.length;
        expectSame(xml.slice(0, at) + piece + xml.slice(at + length));
        expectSame(xml.slice(0, at) + xml.slice(at, at + length) + piece + xml.slice(at));
      },
    ),
    { numRuns: 300 },
  );
});

test('no element removed, doubled, moved or renamed makes a message say something else', () => {
  const acts = ['remove', 'double', 'move', 'swap', 'text', 'attribute'] as const;
  fc.assert(
    fc.property(which, fc.nat(), fc.nat(), fc.constantFrom(...acts), (kind, first, second, act) => {
      const document = new DOMParser().parseFromString(messages[kind]!, 'text/xml');
      const elements = Array.from(document.getElementsByTagName('*'));
      const one = elements[1 + (first % (elements.length - 1))]!;
      const other = elements[second % elements.length]!;
      try {
        if (act === 'remove') one.parentNode!.removeChild(one);
        if (act === 'double') one.parentNode!.insertBefore(one.cloneNode(true), one);
        if (act === 'move') other.appendChild(one);
        if (act === 'swap') other.parentNode!.replaceChild(one.cloneNode(true), other);
        if (act === 'text') one.textContent = 'intruder';
        if (act === 'attribute') one.setAttribute('ID', other.getAttribute('ID') || '_evil');
      } catch {
        return; // An element cannot be put into itself.
      }
      expectSame(new XMLSerializer().serializeToString(document));
    }),
    { numRuns: 400 },
  );
});
