/**
 * The part of the DOM that @xmldom/xmldom gives and this program uses (DOM Level 2 Core). The package's own types bring all
 * of a browser's into the program, where `fetch`, `Response` and `CryptoKey` are those of Node.js.
 */

declare global {
  interface Node {
    readonly nodeType: number;
    readonly nodeName: string;
    readonly nodeValue: string | null;
    readonly localName: string | null;
    readonly namespaceURI: string | null;
    readonly prefix: string | null;
    readonly parentNode: Node | null;
    readonly firstChild: Node | null;
    readonly lastChild: Node | null;
    readonly nextSibling: Node | null;
    readonly previousSibling: Node | null;
    readonly childNodes: NodeList<Node>;
    readonly ownerDocument: Document;
    textContent: string | null;
    readonly ELEMENT_NODE: 1;
    readonly ATTRIBUTE_NODE: 2;
    readonly TEXT_NODE: 3;
    readonly CDATA_SECTION_NODE: 4;
    readonly PROCESSING_INSTRUCTION_NODE: 7;
    readonly COMMENT_NODE: 8;
    readonly DOCUMENT_NODE: 9;
    readonly DOCUMENT_TYPE_NODE: 10;
    appendChild<T extends Node>(child: T): T;
    insertBefore<T extends Node>(child: T, before: Node | null): T;
    removeChild<T extends Node>(child: T): T;
    replaceChild<T extends Node>(child: Node, old: T): T;
    cloneNode(deep?: boolean): Node;
  }
  interface NodeList<T extends Node> {
    readonly length: number;
    item(index: number): T | null;
    readonly [index: number]: T;
  }
  interface Attr extends Node {
    readonly name: string;
    readonly localName: string;
    value: string;
    readonly ownerElement: Element | null;
  }
  interface Element extends Node {
    readonly tagName: string;
    readonly localName: string;
    readonly attributes: NodeList<Attr>;
    getAttribute(name: string): string | null;
    getAttributeNS(namespace: string | null, name: string): string | null;
    getAttributeNode(name: string): Attr | null;
    hasAttribute(name: string): boolean;
    hasAttributeNS(namespace: string | null, name: string): boolean;
    setAttribute(name: string, value: string): void;
    setAttributeNS(namespace: string | null, name: string, value: string): void;
    removeAttribute(name: string): void;
    getElementsByTagName(name: string): NodeList<Element>;
    getElementsByTagNameNS(namespace: string, name: string): NodeList<Element>;
  }
  interface Document extends Node {
    readonly documentElement: Element;
    readonly doctype: Node | null;
    createElement(name: string): Element;
    createElementNS(namespace: string | null, name: string): Element;
    createTextNode(text: string): Node;
    createComment(text: string): Node;
    importNode<T extends Node>(node: T, deep?: boolean): T;
    getElementsByTagName(name: string): NodeList<Element>;
    getElementsByTagNameNS(namespace: string, name: string): NodeList<Element>;
  }
}

/** How a fault of the document is told: as text, by its gravity. */
export interface ParserOptions {
  locator?: object;
  errorHandler?:
    | ((level: 'warning' | 'error' | 'fatalError', message: string) => void)
    | Partial<Record<'warning' | 'error' | 'fatalError', (message: string) => void>>;
}

export class DOMParser {
  constructor(options?: ParserOptions);
  parseFromString(text: string, mediaType: string): Document;
}

export class XMLSerializer {
  serializeToString(node: Node): string;
}
