import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, type TestBrowser } from '../test/support/browser.ts';
import { buildConsole } from './build-console.ts';
import { pictureConsole, type RunningDemo } from './picture-console.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = path.join(root, 'docs');
const mostBytes = 200_000;

/** A port that was free a moment ago: the demo's addresses have to be known before it starts. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts a demo of its own. */
async function startDemo(
  port: number,
  dataDir: string,
): Promise<RunningDemo & { stop: () => Promise<void> }> {
  const main = path.join(root, 'src', 'main.ts');
  const env = { PATH: process.env.PATH, PORT: String(port), GATEHOUSE_DATA: dataDir };
  const demo = spawn(process.execPath, [main, 'start', '--demo'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit');
  let said = '';
  const ready = new Promise<void>((resolve) => {
    demo.stdout.on('data', (text) => {
      said += String(text);
      // What it says last.
      if (said.includes('roster plan <run>')) resolve();
    });
  });
  const failed = ended.then(([code]) => {
    throw new Error(`The demo ended with ${code} before it was ready.`);
  });
  await Promise.race([ready, failed]);
  // From now on its end is wanted.
  failed.catch(() => undefined);
  return {
    said,
    packages: path.join(dataDir, 'demo', 'packages'),
    stop: async () => {
      demo.kill('SIGINT');
      await ended;
    },
  };
}

async function pictureCourse(browser: TestBrowser, port: number): Promise<string> {
  const file = path.join(docs, 'demo.png');
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto(`http://lms.localhost:${port}/schools/northside`);
  await page.getByRole('link', { name: 'Cell structure lab' }).click();
  const tool = page.frameLocator('iframe[name=tool]').frameLocator('iframe');
  await tool.getByText('Launch verified').waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}

async function takePictures(port: number, demo: RunningDemo): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    return [await pictureCourse(browser, port), ...(await pictureConsole(browser, demo, docs))];
  } finally {
    await browser.close();
  }
}

// The demo serves what was built last.
await buildConsole(path.join(root, 'dist', 'console'));
// PostgreSQL does not run as root: its account has to be able to enter the folder.
const dataDir = await mkdtemp(path.join(tmpdir(), 'gatehouse-picture-'));
await chmod(dataDir, 0o755);
try {
  const port = await findFreePort();
  const demo = await startDemo(port, dataDir);
  try {
    for (const file of await takePictures(port, demo)) {
      const { size } = await stat(file);
      if (size > mostBytes) throw new Error(`${file} has ${size} bytes; at most ${mostBytes} are wanted.`);
      console.log(`${file}: ${Math.round(size / 1000)} kB`);
    }
  } finally {
    await demo.stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
