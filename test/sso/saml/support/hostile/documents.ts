import { field } from '../idp.ts';
import { type HostileMessage, lie, type Stage } from './message.ts';

const before = (stage: Stage, prologue: string) => field(prologue + lie(stage));
const padded = (stage: Stage, extensions: string) =>
  field(lie(stage, { extensions: `<samlp:Extensions>${extensions}</samlp:Extensions>` }));

/** Messages that hurt whoever parses them, and messages that are no message. */
export const documentMessages: HostileMessage[] = [
  {
    name: 'a DOCTYPE',
    reason: 'xml_forbidden',
    build: (stage) => before(stage, '<!DOCTYPE samlp:Response>'),
  },
  {
    name: 'a DOCTYPE in lower case behind an XML declaration',
    reason: 'xml_forbidden',
    build: (stage) => before(stage, '<?xml version="1.0"?><!doctype x>'),
  },
  {
    name: 'an entity bomb',
    reason: 'xml_forbidden',
    build: (stage) => {
      const entities = Array.from(
        { length: 12 },
        (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
      );
      return before(stage, `<!DOCTYPE x [<!ENTITY e0 "bomb">${entities.join('')}]>`);
    },
  },
  {
    name: 'an external entity',
    reason: 'xml_forbidden',
    build: (stage) => before(stage, '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'),
  },
  {
    name: 'an entity that nobody declared',
    reason: 'xml_malformed',
    build: (stage) => padded(stage, '&unknown;'),
  },
  {
    name: 'a processing instruction',
    reason: 'xml_forbidden',
    build: (stage) => padded(stage, '<?php exit ?>'),
  },
  {
    name: 'a style sheet',
    reason: 'xml_forbidden',
    build: (stage) => before(stage, '<?xml-stylesheet href="https://evil.example/x.xsl"?>'),
  },
  {
    name: 'another encoding',
    reason: 'xml_forbidden',
    build: (stage) => before(stage, '<?xml version="1.0" encoding="utf-7"?>'),
  },
  {
    name: 'UTF-16',
    reason: 'message_encoding',
    build: (stage) => Buffer.from(`\u{feff}${lie(stage)}`, 'utf16le').toString('base64'),
  },
  {
    name: 'octets that are no UTF-8',
    reason: 'message_encoding',
    build: (stage) => Buffer.concat([Buffer.from(lie(stage)), Buffer.from([0xc0, 0x80])]).toString('base64'),
  },
  {
    name: 'a NUL character',
    reason: 'xml_malformed',
    build: (stage) => padded(stage, '\u0000'),
  },
  {
    name: 'deep nesting',
    reason: 'xml_forbidden',
    build: (stage) => padded(stage, `${'<x>'.repeat(20_000)}${'</x>'.repeat(20_000)}`),
  },
  {
    name: 'deep nesting under values that look like ends of tags',
    reason: 'xml_forbidden',
    build: (stage) => padded(stage, `${'<x a="/>">'.repeat(500)}${'</x>'.repeat(500)}`),
  },
  {
    name: 'a great many elements',
    reason: 'xml_forbidden',
    build: (stage) => padded(stage, '<x/>'.repeat(30_000)),
  },
  {
    name: 'a great many attributes',
    reason: 'xml_forbidden',
    build: (stage) =>
      padded(stage, `<x ${Array.from({ length: 15_000 }, (_, index) => `a${index}=""`).join(' ')}/>`),
  },
  {
    name: 'a long message',
    reason: 'message_too_large',
    build: (stage) => padded(stage, 'x'.repeat(300_000)),
  },
  {
    name: 'an open tag at the end',
    reason: 'xml_malformed',
    build: (stage) => field(`${lie(stage)}<x`),
  },
  {
    name: 'text behind the root',
    reason: 'xml_malformed',
    build: (stage) => field(`${lie(stage)} and more`),
  },
  {
    name: 'a prefix that nobody declared',
    reason: 'xml_malformed',
    build: (stage) => padded(stage, '<nobody:x/>'),
  },
  {
    name: 'an attribute twice',
    reason: 'xml_malformed',
    build: (stage) => padded(stage, '<x a="1" a="2"/>'),
  },
  {
    name: 'an attribute twice under two prefixes',
    reason: 'xml_malformed',
    build: (stage) => padded(stage, '<x xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="2"/>'),
  },
  { name: 'an empty field', reason: 'message_missing', build: () => '' },
  { name: 'no base64', reason: 'message_encoding', build: () => '%%%%' },
  {
    name: 'base64 in the alphabet of URLs',
    reason: 'message_encoding',
    build: (stage) => `${field(lie(stage)).replace(/=+$/, '').slice(0, -3)}-_A`,
  },
  {
    name: 'base64 with a space where a plus was',
    reason: 'message_encoding',
    build: (stage) => ` ${field(lie(stage))}`,
  },
  { name: 'plain text', reason: 'xml_malformed', build: () => field('no XML at all') },
  {
    name: 'HTML',
    reason: 'message_unexpected',
    build: () => field('<html><body>Sign in</body></html>'),
  },
  {
    name: 'another message of SAML',
    reason: 'message_unexpected',
    build: () =>
      field(
        '<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"/>',
      ),
  },
  {
    name: 'a Response of SAML 1.1',
    reason: 'message_unexpected',
    build: () => field('<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>'),
  },
];
