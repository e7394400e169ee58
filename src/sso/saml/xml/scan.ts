import { Refusal } from '../refusal.ts';
import type { XmlLimits } from './limits.ts';

const declaration =
  /^<\?xml version=(["'])1\.0\1(?:\s+encoding=(["'])utf-8\2)?(?:\s+standalone=(["'])yes\3)?\s*\?>/i;
const notAllowedInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export interface XmlSize {
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
}

/**
 * Looks through a text before any parser does, in one pass and without building anything. Refuses document types,
 * entity declarations and processing instructions wherever they stand, characters outside XML 1.0 (2.2), another
 * encoding than UTF-8, and documents beyond the limits. What it lets through may still be malformed.
 */
export function scanXml(text: string, limits: XmlLimits): XmlSize {
  if (text.length > limits.bytes) throw new Refusal('message_too_large', `${limits.bytes} bytes at most`);
  const start = declaration.exec(text)?.[0].length ?? 0;
  // By substring and not by position: no disagreement about where a comment ends can hide one of these.
  if (text.indexOf('<?', start) !== -1)
    throw new Refusal('xml_forbidden', 'no processing instruction, UTF-8');
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw new Refusal('xml_forbidden', 'no DOCTYPE, no ENTITY');
  if (notAllowedInXml.test(text)) throw new Refusal('xml_malformed', 'characters of XML 1.0');
  return measure(text, start, limits);
}

function measure(text: string, start: number, limits: XmlLimits): XmlSize {
  let [depth, deepest, elements, attributes] = [0, 0, 0, 0];
  for (let at = text.indexOf('<', start); at !== -1; ) {
    let end: number;
    if (text.startsWith('<!--', at)) end = after(text, '-->', at + 4);
    else if (text.startsWith('<![', at)) end = after(text, ']]>', at + 9);
    else if (text.startsWith('</', at)) {
      depth -= 1;
      end = after(text, '>', at);
    } else {
      const tag = measureTag(text, at);
      end = tag.end;
      elements += 1;
      attributes += tag.attributes;
      deepest = Math.max(deepest, depth + 1);
      if (!tag.empty) depth += 1;
    }
    if (deepest > limits.depth) throw new Refusal('xml_forbidden', `a depth of ${limits.depth} at most`);
    if (elements > limits.elements) throw new Refusal('xml_forbidden', `${limits.elements} elements at most`);
    if (attributes > limits.attributes)
      throw new Refusal('xml_forbidden', `${limits.attributes} attributes at most`);
    at = text.indexOf('<', end);
  }
  return { depth: deepest, elements, attributes };
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found === -1) throw new Refusal('xml_malformed', `a closing ${mark}`);
  return found + mark.length;
}

/** A start tag: values end at their own quote, so that a `>` inside one does not end the tag. */
function measureTag(text: string, start: number): { end: number; attributes: number; empty: boolean } {
  let [attributes, quote] = [0, ''];
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '<') break;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      attributes += 1;
      quote = character;
    } else if (character === '>') {
      return { end: at + 1, attributes, empty: text[at - 1] === '/' };
    }
  }
  throw new Refusal('xml_malformed', 'a closed start tag');
}
