import { randomBytes } from 'node:crypto';

/** People of the identity provider; everybody's password is `pw`. */
export const users = ['student1', 'student2', 'teacher1', 'nomail'] as const;

/** SimpleSAMLphp's config.php. */
export function settings(folder: string, baseUrl: string): string {
  return `<?php
$config = [
  'baseurlpath' => '${baseUrl}/',
  'certdir' => '${folder}/cert/',
  'loggingdir' => '${folder}/log/',
  'datadir' => '${folder}/data/',
  'tempdir' => '${folder}/tmp',
  'metadatadir' => '${folder}/metadata/',
  'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
  'secretsalt' => '${randomBytes(16).toString('hex')}',
  'auth.adminpassword' => '${randomBytes(16).toString('hex')}',
  'timezone' => 'UTC',
  'logging.handler' => 'file',
  'logging.logfile' => 'idp.log',
  'enable.saml20-idp' => true,
  'showerrors' => true,
  'errorreporting' => false,
  'production' => true,
  'admin.checkforupdates' => false,
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'store.type' => 'phpsession',
  'session.phpsession.savepath' => '${folder}/sessions',
  'session.cookie.name' => 'PeerSession',
  'session.phpsession.cookiename' => 'PeerPhpSession',
  'session.authtoken.cookiename' => 'PeerAuthToken',
  'session.cookie.secure' => false,
  'session.cookie.samesite' => null,
  'language.default' => 'en',
  'language.cookie.secure' => false,
  'metadata.sources' => [['type' => 'flatfile']],
];
`;
}

/** authsources.php: a form with a fixed list of people, some with names that need escaping, one without an address. */
export const authenticationSources = `<?php
$person = fn($uid, $given, $family, $affiliations) => [
  'uid' => [$uid],
  'eduPersonPrincipalName' => ["$uid@school.example"],
  'mail' => ["$uid@school.example"],
  'givenName' => [$given],
  'sn' => [$family],
  'displayName' => ["$given $family"],
  'eduPersonAffiliation' => $affiliations,
];
$config = [
  'admin' => ['core:AdminPassword'],
  'peers' => [
    'exampleauth:UserPass',
    'student1:pw' => $person('student1', 'Ada', 'Lovelace', ['member', 'student']),
    'student2:pw' => $person('student2', 'Émile', "O'Zola <&>", ['member', 'student']),
    'teacher1:pw' => $person('teacher1', 'Grace', 'Hopper', ['member', 'staff', 'employee']),
    'nomail:pw' => ['uid' => ['nomail'], 'eduPersonPrincipalName' => ['nomail@school.example']],
  ],
];
`;

/** saml20-idp-hosted.php: which certificates are published and which one signs follows from the files in \`cert\`. */
export function identityProvider(folder: string, baseUrl: string): string {
  return `<?php
$cert = '${folder}/cert/';
$has = fn($name) => file_exists($cert . $name);
$pair = fn($prefix, $name) => [$prefix . 'privatekey' => "$name.key", $prefix . 'certificate' => "$name.crt"];
$keys = $has('swap') || $has('drop') ? $pair('', 'next') : $pair('', 'idp');
if ($has('next.crt') && !$has('drop')) {
  $keys += $pair('new_', $has('swap') ? 'idp' : 'next');
}
$metadata['${baseUrl}/idp'] = $keys + [
  'host' => '__DEFAULT__',
  'auth' => 'peers',
  'NameIDFormat' => [
    'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  ],
  'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
  'authproc' => [
    3 => [
      'class' => 'saml:AttributeNameID',
      'attribute' => 'mail',
      'Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
    4 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid'],
    5 => ['class' => 'saml:TransientNameID'],
    100 => ['class' => 'core:AttributeMap', 'name2oid'],
  ],
];
`;
}

/** saml20-sp-remote.php: every XML file in \`sp\`, with the options in the JSON file beside it. */
export function serviceProviders(folder: string): string {
  return `<?php
foreach (glob('${folder}/sp/*.xml') as $file) {
  foreach (\\SimpleSAML\\Metadata\\SAMLParser::parseDescriptorsFile($file) as $entity) {
    $provider = $entity->getMetadata20SP();
    if (!$provider) {
      continue;
    }
    unset($provider['entityDescriptor'], $provider['expire'], $provider['metadata-set']);
    $options = json_decode(file_get_contents(substr($file, 0, -3) . 'json'), true);
    $metadata[$provider['entityid']] = $options + $provider;
  }
}
`;
}
