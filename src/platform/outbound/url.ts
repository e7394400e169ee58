import { DomainError } from '../errors.ts';

/**
 * Reads the address of an outbound call. The WHATWG parser normalises decimal, octal, hexadecimal and
 * short spellings of IPv4 hosts, so that later checks see one form only. The fragment is dropped.
 *
 * @throws DomainError input: outbound_url_invalid, outbound_scheme_refused, outbound_url_credentials_refused.
 */
export function parseOutboundUrl(text: string, options: { allowLoopback: boolean }): URL {
  if (!URL.canParse(text)) {
    throw new DomainError('input', 'outbound_url_invalid', 'This is not a complete web address (https://…).');
  }
  const url = new URL(text);
  // Plain http is only ever for loopback; the connector refuses it once the address is known.
  const schemeAllowed = url.protocol === 'https:' || (options.allowLoopback && url.protocol === 'http:');
  if (!schemeAllowed) throw schemeRefused(url.hostname);
  if (url.username !== '' || url.password !== '') {
    throw new DomainError(
      'input',
      'outbound_url_credentials_refused',
      'Take the user name and password out of the web address.',
      { details: { host: url.hostname } },
    );
  }
  url.hash = '';
  return url;
}

/** The refusal of an address that is not HTTPS. */
export function schemeRefused(host: string): DomainError {
  return new DomainError('input', 'outbound_scheme_refused', 'The web address must begin with https://.', {
    details: { host },
  });
}

/** `localhost` and every name below it, with or without the root dot (RFC 6761 §6.3). */
export function isLocalhostName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Whether a host name can only mean this machine; an IPv6 address with or without its brackets. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '');
  return isLocalhostName(name) || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}
