import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A Chromium to start, with what its process needs in its environment. */
export interface Chromium {
  executablePath: string;
  env: Record<string, string>;
}

const cache = new URL('../../node_modules/.cache/gatehouse/', import.meta.url);
const manifest = new URL('../../node_modules/@sparticuz/chromium/package.json', import.meta.url);
const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Finds a Chromium: the one shipped in an npm package (Linux on x64, needs nothing else on the machine, unpacked once),
 * else one installed on this machine.
 */
export async function findChromium(): Promise<Chromium> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpackShipped();
  const installed = await findInstalled();
  if (installed) return { executablePath: installed, env: { HOME: process.env.HOME ?? '/tmp' } };
  throw new Error(
    'The browser tests need Chromium on this machine. Install it ("apt-get install chromium", "brew install --cask chromium") or put it on the PATH.',
  );
}

async function unpackShipped(): Promise<Chromium> {
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const folder = fileURLToPath(new URL(`chromium-${version}`, cache));
  if (!(await isExecutable(path.join(folder, 'chromium')))) await unpackTo(folder);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      // Brings nss, nspr and expat, which slim images lack.
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
      HOME: folder,
    },
  };
}

/** Unpacks aside and renames into place, because several test files may do so at once. */
async function unpackTo(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}.`);
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', "await (await import('@sparticuz/chromium')).default.executablePath()"],
    {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      // It unpacks into the temporary folder, with its libraries where it takes the machine for Amazon's.
      env: { TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    },
  );
  await writeFile(path.join(partial, 'fonts.conf'), fontSettings(folder));
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
}

function fontSettings(folder: string): string {
  const folders = [path.join(folder, 'fonts'), '/usr/share/fonts'].map((name) => `<dir>${name}</dir>`);
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${folders.join('')}<cachedir>${folder}/font-cache</cachedir></fontconfig>
`;
}

async function findInstalled(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [
    ...folders.flatMap((folder) => systemNames.map((name) => path.join(folder, name))),
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
