import { z } from 'zod';
import { ConnectorError, type FilePlace, secret } from '../../contracts/connector.ts';

/** Where files come from, as settings of a connector. Secrets stand at the top, where the host finds them. */
export const placeSettings = {
  place: z.enum(['upload', 'folder', 'https', 'sftp']).default('upload').meta({
    title: 'Where the files come from',
    description: 'upload: handed over by an admin; folder: below the folder that the operator has set aside.',
  }),
  path: z.string().max(1_000).optional().meta({
    title: 'Folder or file',
    description: 'For folder and SFTP: a folder, or a ZIP archive.',
  }),
  url: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .optional()
    .meta({ title: 'Address (HTTPS)' }),
  authorization: secret(z.string().max(10_000).optional()).meta({
    title: 'Authorization header (HTTPS)',
    description: 'Such as "Bearer …"; only where the address asks for one.',
  }),
  host: z.string().min(1).max(255).optional().meta({ title: 'Server (SFTP)' }),
  port: z.number().int().min(1).max(65_535).default(22).meta({ title: 'Port (SFTP)' }),
  username: z.string().min(1).max(255).optional().meta({ title: 'User (SFTP)' }),
  password: secret(z.string().max(1_000).optional()).meta({ title: 'Password (SFTP)' }),
  privateKey: secret(z.string().max(20_000).optional()).meta({ title: 'Private key (SFTP), in PEM' }),
  hostKey: z.string().max(200).optional().meta({
    title: "Server's key (SFTP)",
    description: 'Its SHA-256 as ssh-keygen -l prints it: SHA256:…',
  }),
};

const settings = z.object(placeSettings);

/**
 * The place that the settings name.
 *
 * @throws ConnectorError `settings` where something is missing for it
 */
export function placeOf(given: z.output<typeof settings>): FilePlace {
  const { place, path = '', url, authorization, host, port, username, password, privateKey, hostKey } = given;
  switch (place) {
    case 'upload':
      return { kind: 'upload' };
    case 'folder':
      return { kind: 'folder', path };
    case 'https':
      return {
        kind: 'https',
        url: url ?? lacking('url', 'the address of the file'),
        headers: authorization === undefined ? undefined : { authorization },
      };
    case 'sftp':
      if (password === undefined && privateKey === undefined)
        lacking('password', 'a password or a private key');
      return {
        kind: 'sftp',
        host: host ?? lacking('host', 'the name of the server'),
        port,
        username: username ?? lacking('username', 'the user'),
        password,
        privateKey,
        hostKey: hostKey ?? lacking('host_key', "the server's key, as ssh-keygen -l prints it"),
        path,
      };
  }
}

function lacking(name: string, what: string): never {
  throw new ConnectorError('settings', `${name}_missing`, `Enter ${what}: it is needed to reach the files.`);
}
