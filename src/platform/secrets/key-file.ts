import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../errors.ts';
import { keyLength } from './aes-gcm.ts';
import { type KeyEncryptionKeys, parseKeyEncryptionKeys } from './key-encryption-keys.ts';

/**
 * Reads key-encryption keys from a file somebody else provides (a mounted secret).
 *
 * @throws DomainError `key_file_unreadable`, `key_encryption_keys_invalid`
 */
export async function readKeyFile(file: string): Promise<KeyEncryptionKeys> {
  return parseKeyEncryptionKeys(await readText(file));
}

/**
 * The hub's own key file for a machine where nothing is configured: made on first use with one random key, readable
 * by its owner only. Copies that start together all end up with the same file.
 *
 * @throws DomainError `key_file_exposed` when others may read it, `key_file_unreadable`, `key_file_not_made`,
 *   `key_encryption_keys_invalid`
 */
export async function loadOrCreateKeyFile(file: string): Promise<KeyEncryptionKeys> {
  if (!(await exists(file))) await create(file).catch((cause: unknown) => refuseToMake(file, cause));
  const { mode } = await stat(file);
  // Windows has no such permission bits and reports them as set.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new DomainError(
      'input',
      'key_file_exposed',
      `Others on this machine may read the key file ${file}. Run: chmod 600 ${file}`,
    );
  }
  return readKeyFile(file);
}

async function create(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const text =
    '# Key-encryption keys: the current one first. Without this file no stored secret can be read: back it up,\n' +
    '# apart from the database.\n' +
    `key-${randomBytes(4).toString('hex')}:${randomBytes(keyLength).toString('base64url')}\n`;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    // Secrets are sealed with it from now on, so it must survive a power cut.
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // Unlike a rename, a link never replaces the file of a copy that was faster.
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  if (process.platform !== 'win32') await syncFolder(path.dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw unreadable(file, error);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): DomainError {
  return new DomainError(
    'input',
    'key_file_unreadable',
    `The key file ${file} cannot be read (${errorCode(cause) ?? 'unknown error'}). Check the path and its permissions.`,
    { cause },
  );
}

function refuseToMake(file: string, cause: unknown): never {
  throw new DomainError(
    'input',
    'key_file_not_made',
    `The key file ${file} cannot be made (${errorCode(cause) ?? 'unknown error'}). Let this user write there, set GATEHOUSE_DATA to another folder, or name a file in GATEHOUSE_KEK_FILE.`,
    { cause },
  );
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
