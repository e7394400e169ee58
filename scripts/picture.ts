import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../test/support/browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const picture = path.join(root, 'docs', 'demo.png');
const mostBytes = 300_000;

/** A port that was free a moment ago: the demo's addresses have to be known before it starts. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts a demo of its own. @returns what stops it */
async function startDemo(port: number, dataDir: string): Promise<() => Promise<void>> {
  const demo = spawn(process.execPath, [path.join(root, 'src', 'main.ts'), 'start', '--demo'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(port), GATEHOUSE_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit');
  const ready = new Promise<void>((resolve) => {
    demo.stdout.on('data', (text) => String(text).includes('is ready') && resolve());
  });
  const failed = ended.then(([code]) => {
    throw new Error(`The demo ended with ${code} before it was ready.`);
  });
  await Promise.race([ready, failed]);
  // From now on its end is wanted.
  failed.catch(() => undefined);
  return async () => {
    demo.kill('SIGINT');
    await ended;
  };
}

async function takePicture(port: number): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await page.goto(`http://lms.localhost:${port}/schools/northside`);
    await page.getByRole('link', { name: 'Cell structure lab' }).click();
    const tool = page.frameLocator('iframe[name=tool]').frameLocator('iframe');
    await tool.getByText('Launch verified').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: picture, animations: 'disabled' });
  } finally {
    await browser.close();
  }
}

// PostgreSQL does not run as root: its account has to be able to enter the folder.
const dataDir = await mkdtemp(path.join(tmpdir(), 'gatehouse-picture-'));
await chmod(dataDir, 0o755);
try {
  const port = await findFreePort();
  const stop = await startDemo(port, dataDir);
  try {
    await takePicture(port);
  } finally {
    await stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
const { size } = await stat(picture);
if (size > mostBytes) throw new Error(`${picture} has ${size} bytes; at most ${mostBytes} are wanted.`);
console.log(`${picture}: ${Math.round(size / 1000)} kB`);
