import { ExclusiveCanonicalization } from 'xml-crypto';
import { Refusal } from '../refusal.ts';

/**
 * The octets of an element under Exclusive XML Canonicalization 1.0, without comments.
 *
 * @param prefixes InclusiveNamespaces PrefixList (3): declarations around the element that count as its own
 */
export function canonicalize(element: Element, prefixes: readonly string[]): string {
  const options = {
    inclusiveNamespacesPrefixList: [...prefixes],
    ancestorNamespaces: prefixes.length === 0 ? [] : namespacesAround(element),
  };
  try {
    return new ExclusiveCanonicalization().process(element, options);
  } catch {
    // The library stops at nodes that it does not know, such as an empty CDATA section.
    throw new Refusal('xml_malformed', 'elements, text and comments');
  }
}

/** Declarations of the ancestors, each prefix as the nearest of them binds it. */
function namespacesAround(element: Element): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>();
  for (let node = element.parentNode; node?.nodeType === element.nodeType; node = node.parentNode) {
    const { attributes } = node as Element;
    for (let index = 0; index < attributes.length; index += 1) {
      const attribute = attributes[index];
      if (attribute?.prefix !== 'xmlns' || found.has(attribute.localName)) continue;
      found.set(attribute.localName, attribute.value);
    }
  }
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}
