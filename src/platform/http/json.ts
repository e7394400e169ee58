import { DomainError } from '../errors.ts';

/** How deep a body may be nested. What is stored and sent on is written again by code that recurses. */
const deepest = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses the bytes of a JSON body (RFC 8259), which are UTF-8. Of a repeated name the last one counts. A member named
 * `__proto__` is left out: copied from object to object it would become a prototype. Texts with NUL or half of a
 * surrogate pair are refused (RFC 8259 §8.2): PostgreSQL stores them in a JSON column and fails at every later reading.
 *
 * @throws DomainError input `json_malformed`, `json_too_deep`, `json_text_refused`
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
  if (isDeep(text)) {
    throw new DomainError('input', 'json_too_deep', `The body is nested deeper than ${deepest} levels.`, {
      details: { deepest },
    });
  }
  try {
    // Rare, and it costs several times as much. An escape alone can bring what the decoded bytes cannot hold.
    return /__proto__|\\u/.test(text) ? JSON.parse(text, checkMember) : JSON.parse(text);
  } catch (error) {
    throw error instanceof DomainError ? error : malformed('The body is not JSON.');
  }
}

function checkMember(name: string, value: unknown): unknown {
  if (isUnkeepable(name) || (typeof value === 'string' && isUnkeepable(value))) {
    const message = 'A text of the body holds NUL or half of a surrogate pair. Leave such characters out.';
    throw new DomainError('input', 'json_text_refused', message);
  }
  return name === '__proto__' ? undefined : value;
}

function isUnkeepable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

/** The parser's own words quote the body, so they go nowhere. */
function malformed(message: string): DomainError {
  return new DomainError('input', 'json_malformed', message);
}

const [quote, backslash, openArray, closeArray, openObject, closeObject] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === backslash) i++;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if (code === openArray || code === openObject) {
      if (++depth > deepest) return true;
    } else if (code === closeArray || code === closeObject) depth--;
  }
  return false;
}
