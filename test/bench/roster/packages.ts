import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Entity } from '../../../contracts/roster.ts';
import { packageFiles, writeFolder, writeZip } from '../../../src/demo/sis/csv-package.ts';
import { createDistrict, type District } from '../../../src/demo/sis/district.ts';
import { districtSizes, scaleDistrict } from '../../../src/demo/sis/sizes.ts';

/** What the package holds and both sides load. */
export const benchedEntities = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'roles',
  'enrollments',
] as const satisfies readonly Entity[];
export type BenchedEntity = (typeof benchedEntities)[number];

/** The same rows twice: as an archive for the hub, and as the files in it for the bare side. */
export interface BenchPackage {
  zip: string;
  csvOf(entity: Entity): string;
}

/** A folder that the hub may read from, gone when it is closed. */
export interface PackageFolder {
  folder: string;
  write(name: string, district: District): Promise<BenchPackage>;
  /** Puts the archive where the hub reads the packages of an institution. */
  offer(tenantId: string, source: BenchPackage): Promise<void>;
  close(): Promise<void>;
}

export function largeDistrict(scale: number): District {
  return createDistrict({ seed: 7, size: scaleDistrict(districtSizes.large, scale) });
}

export async function openPackageFolder(): Promise<PackageFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-packages-'));
  return {
    folder,
    write: async (name, district) => {
      const files = packageFiles(district, { version: '1.2', mode: 'bulk' });
      const zip = path.join(folder, `${name}.zip`);
      await writeFolder(files, path.join(folder, name));
      await writeZip(files, zip);
      return { zip, csvOf: (entity) => path.join(folder, name, `${entity}.csv`) };
    },
    offer: async (tenantId, { zip }) => {
      await mkdir(path.join(folder, tenantId), { recursive: true });
      await link(zip, path.join(folder, tenantId, path.basename(zip)));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
