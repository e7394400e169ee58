import { Buffer } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entity, entities } from '../../../contracts/roster.ts';
import { columnsOf, type Version } from './columns.ts';
import { csvFile, type Rewrite } from './csv-text.ts';
import type { District } from './district.ts';
import { type ZipFile, type ZipOptions, zipStream } from './zip.ts';

/** A file of a package; its bytes are made again each time they are asked for. */
export type PackageFile = ZipFile;

export interface PackageOptions {
  version: Version;
  /** `delta`: what differs from the district as it was made. */
  mode: 'bulk' | 'delta';
  /** Default all but demographics. */
  entities?: readonly Entity[];
  rewrite?: Rewrite;
}

/** Every file a manifest names, by version (OneRoster 1.1 CSV §4, 1.2 CSV §3.2). */
const filesOf: Readonly<Record<Version, readonly string[]>> = {
  '1.1': [
    ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources'],
    ...['demographics', 'enrollments', 'lineItems', 'orgs', 'resources', 'results', 'users'],
  ],
  '1.2': [
    ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources'],
    ...['demographics', 'enrollments', 'lineItems', 'lineItemLearningObjectiveIds', 'lineItemScoreScales'],
    ...['orgs', 'resources', 'results', 'resultLearningObjectiveIds', 'resultScoreScales', 'roles'],
    ...['scoreScales', 'users', 'userProfiles', 'userResources'],
  ],
};

/** What this district's system exports. */
const exported: readonly Entity[] = entities.filter(
  (entity) => !['demographics', 'categories', 'lineItems', 'results'].includes(entity),
);

/** The files of a OneRoster CSV package, manifest first. */
export function packageFiles(district: District, options: PackageOptions): PackageFile[] {
  const { version, mode, rewrite } = options;
  const present = (options.entities ?? exported).filter((entity) => columnsOf(entity, version) !== undefined);
  return [
    { name: 'manifest.csv', bytes: () => [manifest(version, mode, present)] },
    ...present.map((entity) => ({
      name: `${entity}.csv`,
      bytes: () => csvFile(district, entity, { version, mode, rewrite }),
    })),
  ];
}

function manifest(version: Version, mode: 'bulk' | 'delta', present: readonly string[]): Buffer {
  const lines = [
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', version],
    ...filesOf[version].map((name) => [`file.${name}`, present.includes(name) ? mode : 'absent']),
    ['source.systemName', 'Gatehouse demo SIS'],
    ['source.systemCode', 'gatehouse-demo'],
  ];
  return Buffer.from(`${lines.map((line) => line.join(',')).join('\r\n')}\r\n`);
}

/** Writes a package's files into a folder, which is made where it is not there. */
export async function writeFolder(files: Iterable<PackageFile>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) {
    await pipeline(Readable.from(bytes()), createWriteStream(path.join(folder, name)));
  }
}

/** Writes a package as one ZIP archive. */
export async function writeZip(
  files: Iterable<PackageFile>,
  file: string,
  options?: ZipOptions,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await pipeline(zipStream(files, options), createWriteStream(file));
}
