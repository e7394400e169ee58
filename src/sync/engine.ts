import type { Capabilities, Page, Raw, Seal, SourceFinding } from '../../contracts/connector.ts';
import type { ConnectionId, RunId, TenantId } from '../../contracts/ids.ts';
import type { Entity } from '../../contracts/roster.ts';
import type { Profile, RowAction, RunMode } from '../../contracts/sync.ts';

/** A run, as the part that moves rows knows it. */
export interface EngineRun {
  tenantId: TenantId;
  connectionId: ConnectionId;
  runId: RunId;
  runNo: number;
  /** Of whoever works on the run now, a UUID: who did so before, and is not dead after all, is refused by every step. */
  holder: string;
  mode: RunMode;
  profile: Profile;
  /** What is read or let go, in the models' order. */
  entities: readonly Entity[];
  /** Those among them that are not read any more, by the institution's own choice: what there is of them goes. */
  unwanted?: readonly Entity[];
  /** sourcedIds of the schools that are shared; undefined: all. */
  schools: readonly string[] | undefined;
  /** What the connector can tell about rows that are gone. */
  deletes: Capabilities['deletes'];
  /** A change of it makes every row differ from before: connector, version and what else decides how rows are read. */
  reading: string;
  /** YYYY-MM-DD in UTC: the day the run began, by which it is told what is over. */
  today: string;
  /** Entities of which the connection had nothing before, once that is known of all; undefined: not known. */
  direct?: ReadonlySet<Entity>;
}

export interface Loaded {
  rows: number;
  /** Set where the entity was read to its end. */
  seal: Seal | undefined;
}

export interface LoadHooks {
  /** After rows are in staging: they need not be read again. */
  onProgress(progress: { rows: number; checkpoint: string | undefined }): Promise<void>;
  onFindings(entity: Entity, findings: readonly SourceFinding[]): Promise<void>;
  signal: AbortSignal;
}

/** What a plan would do to one entity, at one school or (`school` undefined) where no school is named. */
export interface PlanCounts {
  entity: Entity;
  school: string | undefined;
  /** Rows of this connection that are in use now. */
  present: number;
  created: number;
  changed: number;
  removed: number;
  /** Were removed once, and are there again. */
  restored: number;
}

/** What a plan does to many rows of an entity at once without removing one. */
export interface MassChange {
  /** Lose what stood in the column, or get a role that administers. */
  kind: 'emptied' | 'administrators';
  entity: Entity;
  column: string;
  count: number;
  /** Rows of this connection that hold such a value now. */
  had: number;
}

export interface PlanSummary {
  counts: PlanCounts[];
  massChanges: MassChange[];
  /** Some sourcedIds for each entity and action, none of a person's own data. */
  samples: { entity: Entity; action: RowAction; sourcedIds: string[] }[];
  /** Entities that were read to their end, with a count that agrees: only there removals are told. */
  sealed: Entity[];
  /** Rows that were offered, and those that were rejected. */
  offered: number;
  rejected: number;
}

export interface Applied {
  created: number;
  changed: number;
  removed: number;
  restored: number;
}

/**
 * Moves a run's rows: from the source into staging, compared with the roster, and into it. Set-based; knows nothing of
 * states, holds, people or time of day. Every step can be begun again after a crash and then does what is left.
 */
export interface RosterEngine {
  /** Makes room in staging, for this holder alone. What an earlier try of the run has left there is kept, and counted. */
  begin(run: EngineRun): Promise<{ staged: ReadonlyMap<Entity, number> }>;
  /** Takes in an entity. After a checkpoint it may be called again, with what the source gives from there on. */
  load(
    run: EngineRun,
    entity: Entity,
    source: AsyncIterable<Page | Raw | Seal>,
    hooks: LoadHooks,
  ): Promise<Loaded>;
  /** Throws away what is staged of an entity. */
  forget(run: EngineRun, entity: Entity): Promise<void>;
  /**
   * Finds what is wrong with the rows that are new or different, repairs or rejects it as the profile says, and writes
   * the findings down. @param seals of the entities that were read to their end
   */
  validate(run: EngineRun, seals: ReadonlyMap<Entity, Seal>, signal: AbortSignal): Promise<void>;
  plan(run: EngineRun, seals: ReadonlyMap<Entity, Seal>, signal: AbortSignal): Promise<PlanSummary>;
  /**
   * Writes the plan into the roster in one transaction: readers are not kept waiting, and see the roster as it was until
   * all of the run is there. @param options.removals false leaves what would be removed
   */
  apply(run: EngineRun, options: { removals: boolean; now: Date; signal: AbortSignal }): Promise<Applied>;
  /**
   * Puts back what the run has found.
   *
   * @throws DomainError conflict `run_overtaken` where a later run has changed the same rows, or brought others that refer to
   * rows that would go
   */
  undo(run: Pick<EngineRun, 'tenantId' | 'connectionId' | 'runNo'>, now: Date): Promise<Applied>;
  /**
   * Gives the room back.
   *
   * @param options.canWait with much to throw away it is not done before hardly anybody launches any more
   * @returns whether it is done
   */
  release(run: Pick<EngineRun, 'tenantId' | 'runId'>, options: { canWait: boolean }): Promise<boolean>;
}
