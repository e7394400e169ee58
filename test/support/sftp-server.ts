import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import ssh2, { type FileEntry, type SFTPWrapper } from 'ssh2';
import { onTestFinished } from 'vitest';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const folderMode = 0o040755;
const fileMode = 0o100644;

/** A file of the server; a text alone is its content. */
export interface ServedFile {
  content: string | Buffer;
  /** Unix seconds. */
  modifiedAt?: number;
  /** 0o120777: a symbolic link. */
  mode?: number;
  /** The server refuses to read it. */
  isForbidden?: boolean;
}

export interface SftpServer {
  port: number;
  username: string;
  password: string;
  /** As `ssh-keygen -l` prints it. */
  hostKey: string;
  /** Connections that have been opened, and those that are open still. */
  connections: { opened: number; open: number };
}

/** A real SSH server on this machine for one test, with files by absolute path. */
export async function startSftpServer(
  files: Readonly<Record<string, ServedFile | string>>,
  options: { hangsAfterSignIn?: boolean; dropsAfterReads?: number } = {},
): Promise<SftpServer> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  const password = randomUUID();
  const connections = { opened: 0, open: 0 };
  const served = new Map(
    Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? { content: file } : file]),
  );
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    // Known to the package, though not to its types; without it each answer waits for the next.
    (client as ssh2.Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
    connections.opened += 1;
    connections.open += 1;
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => {
      connections.open -= 1;
      clients.delete(client);
    });
    client.on('authentication', (context) => {
      const known = context.method === 'password' && context.username === 'school';
      if (known && context.password === password) context.accept();
      else context.reject(['password']);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        const sftp = acceptSftp();
        // Without a listener it would answer that it does not know the request.
        if (options.hangsAfterSignIn) sftp.on('STAT', () => {});
        else answer(sftp, served);
        let reads = 0;
        sftp.prependListener('READ', () => {
          reads += 1;
          if (reads === options.dropsAfterReads) client.end();
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const client of clients) client.end();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const print = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    username: 'school',
    password,
    hostKey: `SHA256:${print}`,
    connections,
  };
}

/** Reading alone (draft-ietf-secsh-filexfer-02 §6). */
function answer(sftp: SFTPWrapper, files: ReadonlyMap<string, ServedFile>): void {
  const open = new Map<string, Buffer | FileEntry[]>();
  const name = (value: string) => path.posix.resolve('/', value);
  const attributes = (value: string) => {
    const file = files.get(name(value));
    const time = file?.modifiedAt ?? 1_700_000_000;
    if (file !== undefined) {
      const size = Buffer.byteLength(file.content);
      return { mode: file.mode ?? fileMode, uid: 0, gid: 0, size, atime: time, mtime: time };
    }
    const isFolder = [...files.keys()].some((key) => key.startsWith(`${name(value).replace(/\/$/, '')}/`));
    return isFolder ? { mode: folderMode, uid: 0, gid: 0, size: 0, atime: time, mtime: time } : undefined;
  };
  // As `ls -l` prints it; clients tell a file from a folder and a link by its first letter.
  const longName = (key: string) => {
    const isLink = ((files.get(key)?.mode ?? fileMode) & 0o170000) === 0o120000;
    return `${isLink ? 'l' : '-'}rw-r--r-- 1 0 0 0 Nov 21 2026 ${path.posix.basename(key)}`;
  };
  const hold = (id: number, what: Buffer | FileEntry[]) => {
    const handle = Buffer.from(randomUUID());
    open.set(handle.toString(), what);
    sftp.handle(id, handle);
  };
  const tell = (id: number, value: string) => {
    const found = attributes(value);
    if (found === undefined) sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    else sftp.attrs(id, found);
  };
  sftp.on('STAT', tell);
  sftp.on('LSTAT', tell);
  sftp.on('FSTAT', (id, handle) => {
    const held = open.get(handle.toString());
    if (Buffer.isBuffer(held))
      sftp.attrs(id, { mode: fileMode, uid: 0, gid: 0, size: held.length, atime: 0, mtime: 0 });
    else sftp.status(id, STATUS_CODE.FAILURE);
  });
  sftp.on('REALPATH', (id, value) => {
    const filename = name(value);
    sftp.name(id, [{ filename, longname: filename, attrs: {} as FileEntry['attrs'] }]);
  });
  sftp.on('OPENDIR', (id, value) => {
    const prefix = `${name(value).replace(/\/$/, '')}/`;
    const entries = [...files.keys()]
      .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .map((key) => ({
        filename: key.slice(prefix.length),
        longname: longName(key),
        attrs: attributes(key)!,
      }));
    hold(id, entries as FileEntry[]);
  });
  sftp.on('READDIR', (id, handle) => {
    const entries = open.get(handle.toString());
    if (!Array.isArray(entries) || entries.length === 0) sftp.status(id, STATUS_CODE.EOF);
    else sftp.name(id, entries.splice(0));
  });
  sftp.on('OPEN', (id, value, flags) => {
    const file = files.get(name(value));
    if (file === undefined) sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    else if (file.isForbidden || flags !== OPEN_MODE.READ) sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
    else hold(id, Buffer.from(file.content));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    const held = open.get(handle.toString());
    if (!Buffer.isBuffer(held)) sftp.status(id, STATUS_CODE.FAILURE);
    else if (offset >= held.length) sftp.status(id, STATUS_CODE.EOF);
    else sftp.data(id, held.subarray(offset, offset + length));
  });
  sftp.on('CLOSE', (id, handle) => {
    open.delete(handle.toString());
    sftp.status(id, STATUS_CODE.OK);
  });
}
