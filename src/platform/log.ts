import pino from 'pino';
import { DomainError } from './errors.ts';

/**
 * Everything a log line may say besides its event. The list is closed, so that a token, a claim, a name or
 * a body has no field to stand in: ids, codes and numbers only.
 */
export interface LogFields {
  reference?: string;
  requestId?: string;
  tenantId?: string;
  connectionId?: string;
  registrationId?: string;
  toolId?: string;
  enablementId?: string;
  launchId?: string;
  deliveryId?: string;
  apiTokenId?: string;
  operatorId?: string;
  /** Somebody used rights that were raised for a while. */
  raised?: boolean;
  runId?: string;
  personId?: string;
  jobId?: string;
  queue?: string;
  topic?: string;
  method?: string;
  /** The pattern of the route (`/t/:slug/lti/login`), never the address: queries carry hints and states. */
  route?: string;
  /** Host of an outbound call. */
  host?: string;
  status?: number;
  milliseconds?: number;
  bytes?: number;
  count?: number;
  attempt?: number;
  port?: number;
  code?: string;
  reason?: string;
  outcome?: string;
  name?: string;
  version?: string;
  traceId?: string;
  error?: unknown;
}

/** Writes JSON lines. `event` is a constant in snake_case, never a sentence built from data. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Writes what is still buffered, before the process ends. */
  flush(): void;
}

export interface OpenLogOptions {
  level: pino.LevelWithSilent;
  /** Where lines go; standard output if absent. */
  destination?: pino.DestinationStream & { flushSync?(): void };
}

const longest = 300;

/** Opens the log of the program. */
export function openLog(options: OpenLogOptions): Log {
  // Lines go out together, at most 200 ms late: a write for each would cost as much as the rest of a short request.
  const destination =
    options.destination ?? pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 });
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    debug: (event, fields) => {
      if (logger.isLevelEnabled('debug')) logger.debug(toLine(fields), event);
    },
    info: (event, fields) => logger.info(toLine(fields), event),
    warn: (event, fields) => logger.warn(toLine(fields), event),
    error: (event, fields) => logger.error(toLine(fields), event),
    flush: () => destination.flushSync?.(),
  };
}

function toLine(fields: LogFields = {}): object {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') line.error = describeError(value);
    else if (typeof value === 'string')
      line[name] = value.length > longest ? `${value.slice(0, longest)}…` : value;
    else if (typeof value === 'number' || typeof value === 'boolean') line[name] = value;
  }
  return line;
}

/** What is told of an error: its place in the code always, its words only where they cannot quote data. */
export interface ErrorDescription {
  type: string;
  code?: string;
  message?: string;
  constraint?: string;
  at?: string[];
  cause?: ErrorDescription;
}

/**
 * Describes an error for the log. Messages of our own errors are safe to show; a database or a parser quotes
 * the very value it stumbled over, so of those only type, code and place are kept.
 */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return describeCopy(error);
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    ...(hasSafeMessage(error) && { message: error.message.slice(0, longest) }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(!(error instanceof DomainError && error.kind !== 'internal') && { at: placesOf(error.stack ?? '') }),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** The job queue hands copies of errors on: what they have in common with errors is their place and code. */
function describeCopy(thrown: unknown): ErrorDescription {
  const { code, stack } = Object(thrown) as { code?: unknown; stack?: unknown };
  return {
    type: typeof thrown,
    ...(typeof code === 'string' && { code }),
    ...(typeof stack === 'string' && { at: placesOf(stack) }),
  };
}

function hasSafeMessage(error: Error): boolean {
  const isProgrammingMistake = error instanceof TypeError || error instanceof ReferenceError;
  // Errors of the operating system name a call and an address, nothing else.
  return error instanceof DomainError || isProgrammingMistake || 'syscall' in error;
}

/** The words of an error stand before its places, and a line of them may begin alike: places name a file, or end in brackets. */
function placesOf(stack: string): string[] {
  const lines = stack.split('\n');
  return lines
    .filter((line) => /^\s+at .*(:\d+:\d+\)?|\(<anonymous>\)|\(index \d+\))$/.test(line))
    .map((line) => line.trim().slice(3))
    .slice(0, 12);
}
