import path from 'node:path';
import { z } from 'zod';
import {
  isHalfSet,
  type OperatorOidc,
  operatorOidcVariables,
  toOperatorOidc,
} from './config/operator-oidc.ts';
import { isHalfASink, type SinkConfig, sinkVariables, toSinks } from './config/sink.ts';
import { DomainError } from './platform/errors.ts';
import { Hidden } from './platform/hidden.ts';
import { networkText } from './platform/outbound/networks.ts';
import { isLoopbackHost } from './platform/outbound/url.ts';

/** Every setting of the program, read once at start and frozen. Secrets are `Hidden`. */
export interface Config {
  /** Undefined: the embedded database in `dataDir` is used. It may hold a password. */
  readonly databaseUrl: Hidden | undefined;
  /** For listening and migrating, which a pooler in transaction mode cannot carry; `databaseUrl` if not set. */
  readonly databaseDirectUrl: Hidden | undefined;
  readonly databaseConnections: number;
  readonly statementTimeoutMs: number;
  readonly host: string;
  readonly port: number;
  /** Origin people and partners reach the hub at, without a trailing slash. It is also the LTI issuer. */
  readonly baseUrl: string;
  readonly dataDir: string;
  /** What its people call this hub, on the console. */
  readonly hubName: string;
  /** The company's own OpenID provider, by which staff of the hub sign in; undefined: local accounts alone. */
  readonly operatorOidc: OperatorOidc | undefined;
  /** The key-encryption keys themselves, or the file they stand in; a default file is made at the first start. */
  readonly keyEncryptionKey:
    | { readonly from: 'value'; readonly value: Hidden }
    | { readonly from: 'file'; readonly file: string; readonly createIfMissing: boolean };
  /** The operator's folder in which institutions leave packages, one folder for each by its id; undefined: none. */
  readonly dropFolder: string | undefined;
  /** Networks outside the public internet in which institutions' directories may stand, in CIDR notation. */
  readonly directoryNetworks: readonly string[];
  /** How many proxies in front append to X-Forwarded-For. */
  readonly trustedProxyHops: number;
  readonly logLevel: (typeof logLevels)[number];
  /** Outbound calls may reach this machine over plain HTTP. Only for the demo and for tests. */
  readonly allowLoopback: boolean;
  /** Requests of one address on the launch path, in one copy. A school often has one address. */
  readonly launchLimit: { readonly perSecond: number; readonly burst: number };
  /** Requests of one address to the services tools call: a tool's servers often share one, for all schools. */
  readonly serviceLimit: { readonly perSecond: number; readonly burst: number };
  /** Where mail is handed in, which may hold a password, and whom it is from; undefined: no mail is sent. */
  readonly mail: { readonly url: Hidden; readonly from: string } | undefined;
  /** Whom to tell of a weakness of this hub, as RFC 9116 has it; undefined: nobody is named. */
  readonly securityContact: string | undefined;
  /** Where everything that ended goes out to, beside the database. */
  readonly sinks: SinkConfig;
  /** How long a stopping copy waits for requests and jobs in work, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** How long a copy that was told to stop still takes requests, for what sends them to notice, in milliseconds. */
  readonly stopDelayMs: number;
  readonly telemetry: {
    readonly serviceName: string;
    /** OTLP/HTTP endpoint for traces; undefined: no traces. */
    readonly tracesUrl: string | undefined;
    /** Where Prometheus reads metrics; undefined: no metrics. */
    readonly metrics: { readonly host: string; readonly port: number } | undefined;
  };
}

/** Whether the hub is reached from this machine only. */
export function isLocal({ baseUrl }: Pick<Config, 'baseUrl'>): boolean {
  return isLoopbackHost(new URL(baseUrl).hostname);
}

export interface ReadConfigOptions {
  environment?: Readonly<Record<string, string | undefined>>;
  /** The made-up world of `--demo` is served too. */
  demo?: boolean;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
  .transform((text) => text === 'true' || text === '1');
const count = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);
const port = count(0, 65_535);
const httpAddress = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });
const databaseAddress = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' });

const Environment = z.object({
  DATABASE_URL: databaseAddress.optional(),
  DATABASE_DIRECT_URL: databaseAddress.optional(),
  // A copy is one core: more connections only make the database's processes take turns on theirs.
  DATABASE_CONNECTIONS: count(2, 500).default(4),
  DATABASE_STATEMENT_TIMEOUT_MS: count(100, 600_000).default(10_000),
  HOST: z.string().optional(),
  PORT: port.default(3000),
  GATEHOUSE_URL: httpAddress.optional(),
  GATEHOUSE_DATA: z.string().default('./.data'),
  GATEHOUSE_NAME: z.string().trim().min(1).max(100).default('Gatehouse'),
  ...operatorOidcVariables,
  GATEHOUSE_DROP_FOLDER: z.string().min(1).optional(),
  GATEHOUSE_DIRECTORY_NETWORKS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((network) => network.trim()))
    .pipe(z.array(networkText.or(z.literal(''))))
    .transform((networks) => networks.filter((network) => network !== '')),
  GATEHOUSE_KEK: z.string().optional(),
  GATEHOUSE_KEK_FILE: z.string().optional(),
  TRUSTED_PROXY_HOPS: count(0, 10).optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).optional(),
  ALLOW_LOOPBACK: flag.default(false),
  LAUNCH_RATE_PER_SECOND: count(1, 1_000_000).default(200),
  LAUNCH_BURST: count(1, 1_000_000).default(6_000),
  SERVICE_RATE_PER_SECOND: count(1, 1_000_000).default(500),
  SERVICE_BURST: count(1, 1_000_000).default(20_000),
  MAIL_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
  MAIL_FROM: z.email({ error: 'must be an e-mail address' }).optional(),
  SECURITY_CONTACT: z
    .url({
      normalize: true,
      protocol: /^(mailto|https|tel)$/,
      error: 'must be a mailto:, https: or tel: address',
    })
    .optional(),
  ...sinkVariables,
  STOP_TIMEOUT_MS: count(0, 600_000).default(20_000),
  STOP_DELAY_MS: count(0, 120_000).default(0),
  OTEL_SDK_DISABLED: flag.default(false),
  OTEL_SERVICE_NAME: z.string().default('gatehouse'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_PROMETHEUS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_PROMETHEUS_PORT: port.optional(),
});
type Environment = z.infer<typeof Environment>;

/**
 * Reads the settings from the environment: the only reader of it in the program.
 *
 * @throws DomainError `config_invalid`, listing every setting that is malformed or contradicts another,
 *   never their values
 */
export function readConfig(options: ReadConfigOptions = {}): Config {
  const { environment = process.env, demo = false } = options;
  // An empty variable means the same as none: compose files and shells often leave them so.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const problems = findContradictions(parsed.data, demo);
  if (problems.length > 0) throw refusal(problems);
  return freeze(toConfig(parsed.data, demo));
}

function refusal(problems: string[]): DomainError {
  const message = `The settings cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`;
  return new DomainError('input', 'config_invalid', message, { details: { problems } });
}

function baseUrlOf(environment: Environment): URL {
  return new URL(environment.GATEHOUSE_URL ?? `http://hub.localhost:${environment.PORT}`);
}

function findContradictions(environment: Environment, demo: boolean): string[] {
  const url = baseUrlOf(environment);
  const local = isLoopbackHost(url.hostname);
  const rules: [boolean, string][] = [
    [
      environment.GATEHOUSE_KEK !== undefined && environment.GATEHOUSE_KEK_FILE !== undefined,
      'GATEHOUSE_KEK and GATEHOUSE_KEK_FILE: set one of them',
    ],
    [
      url.pathname !== '/' ||
        url.search !== '' ||
        url.hash !== '' ||
        url.username !== '' ||
        url.password !== '',
      'GATEHOUSE_URL: must be an origin only, such as https://hub.example.org',
    ],
    [
      !local && url.protocol !== 'https:',
      'GATEHOUSE_URL: must be https, except on this machine (localhost and names ending in .localhost)',
    ],
    [
      !local && environment.TRUSTED_PROXY_HOPS === undefined,
      'TRUSTED_PROXY_HOPS: say how many proxies stand in front (the hub leaves TLS to them); 0 if they keep the address',
    ],
    [
      !local && environment.GATEHOUSE_KEK === undefined && environment.GATEHOUSE_KEK_FILE === undefined,
      'GATEHOUSE_KEK_FILE: name the file with the key-encryption keys',
    ],
    [!local && environment.ALLOW_LOOPBACK, 'ALLOW_LOOPBACK: only with a GATEHOUSE_URL on this machine'],
    [!local && demo, '--demo: only with a GATEHOUSE_URL on this machine'],
    [
      isHalfSet(environment),
      'OPERATOR_OIDC_ISSUER, OPERATOR_OIDC_CLIENT_ID and OPERATOR_OIDC_CLIENT_SECRET: set all three, or none',
    ],
    [
      (environment.MAIL_URL === undefined) !== (environment.MAIL_FROM === undefined),
      'MAIL_URL and MAIL_FROM: set both, or none for a hub that sends no mail',
    ],
    [
      isHalfASink(environment),
      'SINK_S3_URL, SINK_S3_ACCESS_KEY_ID and SINK_S3_SECRET_ACCESS_KEY: set all three, or none',
    ],
    [
      environment.DATABASE_DIRECT_URL !== undefined && environment.DATABASE_URL === undefined,
      'DATABASE_DIRECT_URL: only together with DATABASE_URL',
    ],
    [
      environment.PORT === 0 && environment.GATEHOUSE_URL === undefined,
      'PORT: 0 takes any free port, so GATEHOUSE_URL cannot be guessed and must be set',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, advice]) => advice);
}

function toConfig(environment: Environment, demo: boolean): Config {
  const url = baseUrlOf(environment);
  const local = isLoopbackHost(url.hostname);
  const givenDir = path.resolve(environment.GATEHOUSE_DATA);
  // Made-up schools stay out of a hub that is started in earnest later.
  const dataDir = demo ? path.join(givenDir, 'demo') : givenDir;
  return {
    databaseUrl: environment.DATABASE_URL === undefined ? undefined : new Hidden(environment.DATABASE_URL),
    databaseDirectUrl:
      environment.DATABASE_DIRECT_URL === undefined ? undefined : new Hidden(environment.DATABASE_DIRECT_URL),
    databaseConnections: environment.DATABASE_CONNECTIONS,
    statementTimeoutMs: environment.DATABASE_STATEMENT_TIMEOUT_MS,
    host: environment.HOST ?? (local ? '127.0.0.1' : '::'),
    port: environment.PORT,
    baseUrl: url.origin,
    dataDir,
    hubName: environment.GATEHOUSE_NAME,
    operatorOidc: toOperatorOidc(environment),
    keyEncryptionKey:
      environment.GATEHOUSE_KEK === undefined
        ? {
            from: 'file',
            file: environment.GATEHOUSE_KEK_FILE ?? path.join(dataDir, 'key-encryption-key'),
            createIfMissing: environment.GATEHOUSE_KEK_FILE === undefined,
          }
        : { from: 'value', value: new Hidden(environment.GATEHOUSE_KEK) },
    dropFolder: dropFolderOf(environment, demo ? path.join(dataDir, 'packages') : undefined),
    directoryNetworks: environment.GATEHOUSE_DIRECTORY_NETWORKS,
    trustedProxyHops: environment.TRUSTED_PROXY_HOPS ?? 0,
    // The demo is watched by a person, who would lose sight of its address among the lines of every request.
    logLevel: environment.LOG_LEVEL ?? (demo ? 'warn' : 'info'),
    allowLoopback: environment.ALLOW_LOOPBACK || demo,
    launchLimit: { perSecond: environment.LAUNCH_RATE_PER_SECOND, burst: environment.LAUNCH_BURST },
    serviceLimit: { perSecond: environment.SERVICE_RATE_PER_SECOND, burst: environment.SERVICE_BURST },
    mail:
      environment.MAIL_URL === undefined || environment.MAIL_FROM === undefined
        ? undefined
        : { url: new Hidden(environment.MAIL_URL), from: environment.MAIL_FROM },
    securityContact: environment.SECURITY_CONTACT,
    sinks: toSinks(environment),
    stopTimeoutMs: environment.STOP_TIMEOUT_MS,
    stopDelayMs: environment.STOP_DELAY_MS,
    telemetry: toTelemetry(environment),
  };
}

function dropFolderOf({ GATEHOUSE_DROP_FOLDER: given }: Environment, usual: string | undefined) {
  const folder = given ?? usual;
  return folder === undefined ? undefined : path.resolve(folder);
}

function toTelemetry(environment: Environment): Config['telemetry'] {
  const off = environment.OTEL_SDK_DISABLED;
  const collector = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  // OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP": the general one gets the signal's path.
  const tracesUrl =
    environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (collector === undefined ? undefined : `${collector.replace(/\/$/, '')}/v1/traces`);
  const metricsPort = environment.OTEL_EXPORTER_PROMETHEUS_PORT;
  return {
    serviceName: environment.OTEL_SERVICE_NAME,
    tracesUrl: off ? undefined : tracesUrl,
    metrics:
      off || metricsPort === undefined
        ? undefined
        : { host: environment.OTEL_EXPORTER_PROMETHEUS_HOST, port: metricsPort },
  };
}

function freeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) freeze(part);
  }
  return Object.freeze(value);
}
