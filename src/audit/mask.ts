/** Stands where a secret was. */
export const masked = '(masked)';

const secretWords = new Set([
  'secret',
  'secrets',
  'password',
  'passwords',
  'passphrase',
  'token',
  'tokens',
  'credential',
  'credentials',
  'authorization',
  'cookie',
  'cookies',
  'assertion',
  'sealed',
  'pin',
  'salt',
]);
/** Words before "key" that make it a secret one; a public key is none. */
const secretKeyWords = new Set([
  'private',
  'api',
  'access',
  'secret',
  'encryption',
  'signing',
  'shared',
  'data',
]);
/** Last words that say the value is about a secret and not the secret: `tokenUrl`, `secretId`. */
const aboutWords = new Set([
  'url',
  'uri',
  'endpoint',
  'audience',
  'id',
  'at',
  'method',
  'type',
  'lifetime',
  'version',
]);
/** Private members of a JSON Web Key (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const privateKeyMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']);

const tokenForm = /\beyJ[\w-]+\.[\w-]*\.[\w-]*/;
const privateKeyForm = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * A copy of an audited value, as JSON holds it, with secrets replaced: members whose name says so, private members
 * of a JSON Web Key, bytes, and text that is a JSON Web Token or a private key in PEM. An absent secret stays `null`,
 * so that the record shows whether one was set.
 */
export function maskSecrets(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return tokenForm.test(value) || privateKeyForm.test(value) ? masked : value;
  if (typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  if (ArrayBuffer.isView(value)) return masked;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(maskSecrets);
  const isKey = 'kty' in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => {
        const secret = namesSecret(name) || (isKey && privateKeyMembers.has(name));
        return [name, secret && member !== null ? masked : maskSecrets(member)];
      }),
  );
}

function namesSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const last = words.at(-1) ?? '';
  if (aboutWords.has(last)) return false;
  if (words.some((word) => secretWords.has(word))) return true;
  if (last === 'key' || last === 'keys') return words.some((word) => secretKeyWords.has(word));
  return /^(apikey|privatekey|clientsecret|secretkey|accesskey)$/.test(words.join(''));
}
