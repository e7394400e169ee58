import { escapeHtml } from '../../../platform/html.ts';

/** XML that is safe to send: made only by the `xml` tag, or by a signer from such XML. */
export class Xml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Xml | string | number | boolean | undefined | readonly Piece[];

/**
 * Template tag for XML. Values are escaped unless they are `Xml` themselves; `undefined` writes nothing, arrays are
 * joined.
 */
export function xml(strings: TemplateStringsArray, ...values: Piece[]): Xml {
  let text = strings[0] ?? '';
  for (let i = 0; i < values.length; i++) text += render(values[i]) + (strings[i + 1] ?? '');
  return new Xml(text);
}

/** An attribute with the space before it, or nothing where it has no value. */
export function attribute(name: string, value: string | number | boolean | undefined): Xml {
  return value === undefined ? new Xml('') : new Xml(` ${name}="${escapeXml(String(value))}"`);
}

function render(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Xml) return piece.text;
  if (Array.isArray(piece)) return piece.map(render).join('');
  return escapeXml(String(piece));
}

/** The escapes of HTML are XML's too; what XML 1.0 (2.2) cannot hold at all is left out. */
function escapeXml(text: string): string {
  return escapeHtml(text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''));
}
