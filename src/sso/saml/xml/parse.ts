import { DOMParser } from '@xmldom/xmldom';
import { Refusal } from '../refusal.ts';
import { messageLimits, type XmlLimits } from './limits.ts';
import { elementsOf, nodesOf } from './read.ts';
import { scanXml } from './scan.ts';

/**
 * Parses a text that was scanned first; whatever the parser would only warn about is refused, and so are a second
 * root, names whose prefix nobody declared, and two elements with one ID.
 *
 * @returns the root element
 */
export function parseXml(text: string, limits: XmlLimits = messageLimits): Element {
  scanXml(text, limits);
  const root = parseStrictly(text);
  for (const node of nodesOf(root.ownerDocument)) {
    const isStray = node.nodeType === node.TEXT_NODE && node.nodeValue?.trim() !== '';
    if (isStray || (node.nodeType === node.ELEMENT_NODE && node !== root)) {
      throw new Refusal('xml_malformed', 'one root element and nothing beside it');
    }
  }
  refuseUnclearNames(root, new Set());
  return root;
}

function parseStrictly(text: string): Element {
  const refuse = (): never => {
    throw new Refusal('xml_malformed', 'well-formed XML');
  };
  try {
    return (
      new DOMParser({ errorHandler: refuse }).parseFromString(text, 'text/xml').documentElement ?? refuse()
    );
  } catch {
    return refuse();
  }
}

/**
 * IDs are compared over every attribute that any library might take for one, whatever its namespace and letter
 * case, so that a reference can mean one element only.
 */
function refuseUnclearNames(element: Element, seen: Set<string>): void {
  const names = new Set<string>();
  for (let index = 0; index < element.attributes.length; index += 1) {
    const attribute = element.attributes[index];
    if (attribute === undefined) continue;
    refuseUndeclared(attribute);
    const local = attribute.localName ?? attribute.name;
    const name = `${attribute.namespaceURI ?? ''} ${local}`;
    if (names.has(name)) throw new Refusal('xml_malformed', 'each attribute once');
    names.add(name);
    if (local.toLowerCase() !== 'id' || attribute.prefix === 'xmlns') continue;
    if (seen.has(attribute.value)) throw new Refusal('signature_structure', 'every ID once in a document');
    seen.add(attribute.value);
  }
  refuseUndeclared(element);
  for (const child of elementsOf(element)) refuseUnclearNames(child, seen);
}

function refuseUndeclared(node: Element | Attr): void {
  if (node.prefix && !node.namespaceURI) throw new Refusal('xml_malformed', 'prefixes that are declared');
}
