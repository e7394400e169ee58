import {
  type ConnectorContext,
  ConnectorError,
  type ConnectorFailure,
  type OpenedFiles,
  type SourceFinding,
} from '../../contracts/connector.ts';
import { type Entity, entities } from '../../contracts/roster.ts';
import { FindingLog } from '../csv/finding-log.ts';
import { type CsvFile, openCsv } from '../csv/open-csv.ts';
import { placeOf } from '../csv/place.ts';
import { readRecords } from '../csv/records.ts';
import type { Version } from './binding.ts';
import { hasRolesOf11 } from './header-plan.ts';
import { decideMode, type Manifest, type ModeDecision, parseManifest } from './manifest.ts';
import { finding, type SortedNames, sortNames } from './names.ts';
import type { Settings } from './settings.ts';
import { placeAmong, type Succession } from './succession.ts';

/** A package, opened and understood. */
export interface RosterPackage {
  readonly version: Version;
  readonly manifest: Manifest | undefined;
  /** Of the package as a whole. */
  readonly findings: readonly SourceFinding[];
  readonly succession: Succession;
  /** Whether all files of it are whole: then it makes up for packages before it. */
  readonly isWhole: boolean;
  /** The file an entity is read from; undefined where it is not there. */
  file(entity: Entity): CsvFile | undefined;
  mode(entity: Entity): ModeDecision;
  /** Whether there is more than one file it could be. */
  isDoubtful(entity: Entity): boolean;
  /** Empty fields that the rows of the largest file have behind the last column, by the exporter's habit. */
  surplus(): Promise<number>;
  /** Whether roles are made from users, as in 1.1. */
  readonly makesRoles: boolean;
}

/**
 * Opens the package of a run. It is closed with the run's context, so that all of a run comes from one package.
 *
 * @throws ConnectorError `package_unrecognised` where none of its files is one of OneRoster's
 */
export async function openPackage({
  files,
  settings,
  now,
}: ConnectorContext<Settings>): Promise<RosterPackage> {
  const opened = await files.open(placeOf(settings));
  try {
    return await understand(opened, settings, now());
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function understand(opened: OpenedFiles, settings: Settings, now: number): Promise<RosterPackage> {
  const names = sortNames(opened.entries.map(({ name }) => name));
  if (names.files.size === 0) {
    // What was handed over stays as it is; elsewhere a package may lie in an hour.
    throw await describeStranger(opened, settings.place === 'upload' ? 'settings' : 'answer_invalid');
  }
  const fileOf = (name: string) => fileAt(opened, names.files.get(name));
  const findings = [...opened.findings, ...names.findings];
  let known: Promise<number> | undefined;
  const surplus = () => {
    known ??= surplusOf([...names.files.keys()].map(fileOf).filter((file) => file !== undefined));
    return known;
  };
  const manifest = await readManifest(fileOf('manifest'), findings, surplus);
  const version = await decideVersion(manifest, names, fileOf('users'), findings);
  const makesRoles = version === '1.1';
  const nameOf = (entity: Entity) => (entity === 'roles' && makesRoles ? 'users' : entity);
  const mode = (entity: Entity) =>
    decideMode({
      stated: manifest?.modes.get(nameOf(entity)),
      isThere: names.files.has(nameOf(entity)),
      hasManifest: manifest !== undefined,
      assumed: settings.withoutManifest,
    });
  const modes = entities.map((entity) => mode(entity).mode);
  return {
    version,
    manifest,
    findings,
    succession: placeAmong(opened, now),
    isWhole: modes.includes('bulk') && !modes.includes('delta'),
    makesRoles,
    file: (entity) => fileOf(nameOf(entity)),
    isDoubtful: (entity) => names.doubtful.has(nameOf(entity)) || names.doubtful.has('manifest'),
    mode,
    surplus,
  };
}

async function surplusOf(files: readonly CsvFile[]): Promise<number> {
  const [largest] = files.toSorted((a, b) => b.bytes - a.bytes);
  const csv = largest && (await openCsv(largest, new FindingLog(largest.name)));
  return (await csv?.surplus()) ?? 0;
}

/** None of the files is one of OneRoster: says what it is instead, where that can be told. */
async function describeStranger(opened: OpenedFiles, failure: ConnectorFailure): Promise<ConnectorError> {
  const names = opened.entries.map(({ name }) => name);
  const refused = (code: string, message: string) => new ConnectorError(failure, code, message);
  if (names.includes('xl/workbook.xml')) {
    return refused(
      'package_is_workbook',
      'This is an Excel workbook. Have each of its sheets exported as CSV in UTF-8, under the names of OneRoster.',
    );
  }
  const archive = names.find((name) => /\.zip$/i.test(name));
  if (archive !== undefined && (await isArchive(opened.read(archive)))) {
    return refused(
      'package_holds_archive',
      'The archive holds another archive. Pack the files themselves, such as manifest.csv and orgs.csv.',
    );
  }
  return refused(
    'package_unrecognised',
    'None of the files is one of OneRoster, such as manifest.csv, orgs.csv or users.csv. Check what was exported.',
  );
}

async function isArchive(bytes: AsyncIterable<Buffer>): Promise<boolean> {
  for await (const block of bytes) return block.toString('latin1', 0, 2) === 'PK';
  return false;
}

function fileAt(opened: OpenedFiles, name: string | undefined): CsvFile | undefined {
  if (name === undefined) return undefined;
  const bytes = opened.entries.find((entry) => entry.name === name)?.bytes ?? 0;
  return { name, bytes, read: () => opened.read(name) };
}

/** Some hundred bytes; what is longer is no manifest. */
const longestManifest = 64 * 1024;

async function readManifest(
  file: CsvFile | undefined,
  findings: SourceFinding[],
  surplusElsewhere: () => Promise<number>,
): Promise<Manifest | undefined> {
  if (file === undefined) {
    findings.push(finding('manifest_missing', 'manifest.csv'));
    return undefined;
  }
  const log = new FindingLog(file.name);
  const isManifest = file.bytes <= longestManifest;
  const options = { lastLineMayLackEnd: true, surplusElsewhere };
  const csv = isManifest ? await openCsv(file, log, options) : undefined;
  if (csv === undefined) {
    findings.push(finding('manifest_missing', file.name));
    return undefined;
  }
  const records = [[...csv.header.names]];
  const keep = new Uint8Array(csv.header.names.length).fill(1);
  for await (const block of csv.records(keep)) {
    readRecords(block.toString(), ([, ...fields]) => records.push(fields));
  }
  const manifest = parseManifest(records);
  for (const { code, column } of manifest.findings) log.add(code, column === undefined ? {} : { column });
  findings.push(...log.list());
  return manifest;
}

/** The users file has the last word, because reading it by another version would lose every role. */
async function decideVersion(
  manifest: Manifest | undefined,
  { files }: SortedNames,
  users: CsvFile | undefined,
  findings: SourceFinding[],
): Promise<Version> {
  const stated = manifest?.version;
  if (files.has('roles') || users === undefined) return stated ?? '1.2';
  const csv = await openCsv(users, new FindingLog(users.name));
  await csv?.close();
  const seen = csv !== undefined && hasRolesOf11(csv.header.names) ? '1.1' : '1.2';
  if (stated === undefined || stated === seen || csv === undefined) return stated ?? seen;
  findings.push(finding('version_contradicts_file', users.name));
  return seen;
}
