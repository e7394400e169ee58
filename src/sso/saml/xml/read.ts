import { Refusal } from '../refusal.ts';
import { namespaces } from './names.ts';

type Vocabulary = keyof typeof namespaces;

/** Nodes directly below one. */
export function nodesOf(parent: Node): Node[] {
  const nodes: Node[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) nodes.push(node);
  return nodes;
}

/** Elements directly below one. */
export function elementsOf(parent: Node): Element[] {
  return nodesOf(parent).filter((node) => node.nodeType === node.ELEMENT_NODE) as Element[];
}

/** Whether an element has this namespace and local name; prefixes mean nothing. */
export function isNamed(element: Element, vocabulary: Vocabulary, name: string): boolean {
  return element.localName === name && element.namespaceURI === namespaces[vocabulary];
}

/** Children of this name, in document order. */
export function childrenOf(parent: Element, vocabulary: Vocabulary, name: string): Element[] {
  return elementsOf(parent).filter((child) => isNamed(child, vocabulary, name));
}

/** The child of this name where there is one; two are refused, since one of them would go unread. */
export function childOf(parent: Element, vocabulary: Vocabulary, name: string): Element | undefined {
  const [first, ...more] = childrenOf(parent, vocabulary, name);
  if (more.length > 0) throw new Refusal('message_unexpected', `one ${name} in ${parent.localName}`);
  return first;
}

/** Every element of this name below one, at any depth. */
export function descendantsOf(parent: Element, vocabulary: Vocabulary, name: string): Element[] {
  return elementsOf(parent).flatMap((child) => [
    ...(isNamed(child, vocabulary, name) ? [child] : []),
    ...descendantsOf(child, vocabulary, name),
  ]);
}

/** The value of an attribute without namespace; undefined where it is not there. */
export function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined;
}

/** All text of an element, comments joined over and not cut at, without white space around it. */
export function textOf(element: Element | undefined): string | undefined {
  return element?.textContent?.trim();
}

/** Text that has to be there. */
export function requiredAttribute(element: Element, name: string): string {
  const value = attributeOf(element, name);
  if (value === undefined || value === '') {
    throw new Refusal('message_unexpected', `${name} on ${element.localName}`);
  }
  return value;
}
