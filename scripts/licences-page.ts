import { readFileSync } from 'node:fs';

interface LockedPackage {
  version: string;
  /** An SPDX expression. */
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Licensed {
  name: string;
  version: string;
  licence: string;
}

const rootFolder = new URL('../', import.meta.url);
const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, rootFolder), 'utf8'));

/** Packages that do not say it in the field that npm reads; from their own LICENSE files. */
const unsaid: Readonly<Record<string, string>> = { buildcheck: 'MIT', 'cpu-features': 'MIT', ssh2: 'MIT' };

/** Built into the console, and so handed out to browsers. */
const bundled = /^(react|react-dom|recharts|@mantine\/.+|@tanstack\/.+)$/;

/** Every package that runs with the hub or in its pages, with what it needs itself, as locked. */
export function listLicences(): Licensed[] {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> };
  const manifest = readJson('package.json') as Record<string, Record<string, string>>;
  const places = new Set<string>();
  const add = (name: string, from: string) => {
    const place = findPlace(packages, name, from);
    // One for another system may be missing.
    if (place === undefined || places.has(place)) return;
    places.add(place);
    const { dependencies, optionalDependencies } = packages[place] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) add(needed, place);
  };
  const { dependencies, optionalDependencies, devDependencies = {} } = manifest;
  const inConsole = Object.keys(devDependencies).filter((name) => bundled.test(name));
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...inConsole])
    add(name, '');
  return [...places]
    .map((place) => {
      const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const { version = '', license } = packages[place] ?? {};
      return { name, version, licence: license ?? unsaid[name] ?? 'not told' };
    })
    .sort((a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`, 'en'));
}

/** Where a package is found by one that stands at `from`, as Node.js looks for it. */
function findPlace(packages: object, name: string, from: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (place in packages) return place;
    if (at === '') return undefined;
  }
}

/** The page as Markdown. */
export function writeLicencesPage(licensed: readonly Licensed[]): string {
  const groups = Map.groupBy(licensed, ({ licence }) => licence);
  const parts = [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([licence, members]) => {
      const names = new Set(members.map(({ name, version }) => `${name} ${version}`));
      return `## ${licence}\n${[...names].join(', ')}\n`;
    });
  return `# Licences of what Gatehouse is built on
Every package that runs with the hub or in its pages, by licence, as locked in \`package-lock.json\`. \`npm run licences\` writes this
page; \`npm run -s sbom\` writes a bill of materials (CycloneDX) with hashes, where packages for development are marked so.

${parts.join('\n')}`;
}
