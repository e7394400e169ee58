import type { Entered } from '../../parts/fields.ts';

/** One field of a form about an identity provider; the rest is suggested by its preset. */
export interface IdentityField {
  readonly name: IdentityFieldName;
  readonly secret?: true;
  readonly required?: true;
  /** Where the hub's answer names it. */
  readonly path: string;
}

export type IdentityFieldName =
  | 'metadataUrl'
  | 'issuer'
  | 'clientId'
  | 'clientSecret'
  | 'directoryId'
  | 'domains'
  | 'servers'
  | 'base'
  | 'serviceAccount'
  | 'servicePassword';

/** What has to be asked for a product; an issuer that is the same for everybody is not. */
export function fieldsOf(
  protocol: string,
  preset: string,
  suggested: Readonly<Record<string, unknown>>,
): IdentityField[] {
  if (protocol === 'saml') return [{ name: 'metadataUrl', path: 'settings.metadata.url' }];
  if (protocol === 'ldap') {
    return [
      { name: 'servers', path: 'settings.servers.0.url', required: true },
      { name: 'base', path: 'settings.base', required: true },
      { name: 'serviceAccount', path: 'settings.serviceAccount', required: true },
      { name: 'servicePassword', path: 'settings.servicePassword', required: true, secret: true },
    ];
  }
  const issuer: IdentityField[] =
    suggested.issuer === undefined ? [{ name: 'issuer', path: 'settings.issuer', required: true }] : [];
  const own: Readonly<Record<string, IdentityField>> = {
    entra: { name: 'directoryId', path: 'settings.tenant.tenantId', required: true },
    google: { name: 'domains', path: 'settings.tenant.domains', required: true },
  };
  return [
    ...issuer,
    ...(own[preset] === undefined ? [] : [own[preset]]),
    { name: 'clientId', path: 'settings.clientId', required: true },
    { name: 'clientSecret', path: 'settings.clientSecret', required: true, secret: true },
  ];
}

/** Settings as the hub takes them, from what was typed. */
export function settingsOf(
  protocol: string,
  preset: string,
  entered: Pick<Entered, 'text' | 'secret'>,
): Record<string, unknown> {
  const typed = (name: IdentityFieldName) => entered.text(name);
  if (protocol === 'saml') {
    const url = typed('metadataUrl');
    return { metadata: url === '' ? { from: 'file' } : { from: 'url', url } };
  }
  if (protocol === 'ldap') {
    const servers = listOf(typed('servers')).map((url) => ({
      url: url.includes('://') ? url : `ldaps://${url}`,
    }));
    return {
      // Part of every link of a person: the first host, which stands for the directory for good.
      name: nameOf(servers[0]?.url ?? ''),
      servers,
      authorities: 'public',
      base: typed('base'),
      serviceAccount: typed('serviceAccount'),
      servicePassword: entered.secret('servicePassword'),
    };
  }
  const [directoryId, domains] = [typed('directoryId'), listOf(typed('domains'))];
  return {
    ...(typed('issuer') === '' ? {} : { issuer: typed('issuer') }),
    ...{ clientId: typed('clientId'), clientSecret: entered.text('clientSecret') },
    // OpenID Connect Core 1.0 §5.4: with the code flow, what the scopes stand for is at UserInfo unless a product does otherwise.
    ...(preset === 'generic' ? { userInfo: true } : {}),
    ...(directoryId === '' ? {} : { tenant: { kind: 'entra', tenantId: directoryId } }),
    ...(domains.length === 0 ? {} : { tenant: { kind: 'google', domains } }),
  };
}

function listOf(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function nameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
}
