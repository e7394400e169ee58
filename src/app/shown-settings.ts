import type { ShownSettings } from '../api/jobs/hub-handlers.ts';
import type { Config } from '../config.ts';
import { readVersion } from './version.ts';

type Setting = ShownSettings['settings'][number];

/** How this copy was set up, by the names of the environment; of what is secret, only that it is set. */
export async function showSettings(config: Config): Promise<ShownSettings> {
  const { launchLimit, serviceLimit, telemetry, keyEncryptionKey, mail, operatorOidc } = config;
  const settings = [
    shown('GATEHOUSE_URL', config.baseUrl, 'Where people and partners reach the hub'),
    shown('GATEHOUSE_NAME', config.hubName, 'What the console calls this hub'),
    shown('OPERATOR_OIDC_ISSUER', operatorOidc?.issuer, 'Where the company’s people sign in'),
    shown('OPERATOR_OIDC_CLIENT_ID', operatorOidc?.clientId, 'What the hub is called there'),
    secret('OPERATOR_OIDC_CLIENT_SECRET', operatorOidc !== undefined, 'What the hub proves itself by there'),
    secret('DATABASE_URL', config.databaseUrl !== undefined, 'The database; the embedded one if not set'),
    secret('DATABASE_DIRECT_URL', config.databaseDirectUrl !== undefined, 'For listening and migrating'),
    shown('DATABASE_CONNECTIONS', config.databaseConnections, 'Most connections of this copy'),
    shown('DATABASE_STATEMENT_TIMEOUT_MS', config.statementTimeoutMs, 'Longest time of a statement'),
    shown('HOST', config.host, 'What this copy listens on'),
    shown('PORT', config.port, 'What this copy listens on'),
    shown('GATEHOUSE_DATA', config.dataDir, 'Where the embedded database and files are kept'),
    shown('GATEHOUSE_DROP_FOLDER', config.dropFolder, 'Where institutions leave packages'),
    shown(
      'GATEHOUSE_DIRECTORY_NETWORKS',
      config.directoryNetworks.join(', ') || undefined,
      'Networks outside the public internet in which directories may stand',
    ),
    secret('GATEHOUSE_KEK', keyEncryptionKey.from === 'value', 'The key that data keys are sealed with'),
    shown(
      'GATEHOUSE_KEK_FILE',
      keyEncryptionKey.from === 'file' ? keyEncryptionKey.file : undefined,
      'Or the file it stands in',
    ),
    shown('TRUSTED_PROXY_HOPS', config.trustedProxyHops, 'Proxies in front of the hub'),
    shown('LOG_LEVEL', config.logLevel, 'What is written to the log'),
    shown('ALLOW_LOOPBACK', config.allowLoopback, 'Partners may be on this machine: for the demo only'),
    shown('LAUNCH_RATE_PER_SECOND', launchLimit.perSecond, 'Launch requests of one address'),
    shown('LAUNCH_BURST', launchLimit.burst, 'Of these, at once after a pause'),
    shown('SERVICE_RATE_PER_SECOND', serviceLimit.perSecond, 'Service calls of one address'),
    shown('SERVICE_BURST', serviceLimit.burst, 'Of these, at once after a pause'),
    secret('MAIL_URL', mail !== undefined, 'Where mail is handed in'),
    shown('MAIL_FROM', mail?.from, 'Whom mail is from'),
    shown('SECURITY_CONTACT', config.securityContact, 'Whom to tell of a weakness'),
    shown('STOP_TIMEOUT_MS', config.stopTimeoutMs, 'How long a stopping copy waits'),
    shown('STOP_DELAY_MS', config.stopDelayMs, 'How long it takes requests still'),
    shown('OTEL_SERVICE_NAME', telemetry.serviceName, 'What traces and metrics call the hub'),
    shown('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', telemetry.tracesUrl, 'Where traces go'),
    shown('OTEL_EXPORTER_PROMETHEUS_PORT', telemetry.metrics?.port, 'Where metrics are read'),
  ];
  return { version: await readVersion(), settings };
}

function shown(name: string, value: string | number | boolean | undefined, about: string): Setting {
  return { name, value: value === undefined ? null : String(value), secret: false, about };
}

function secret(name: string, isSet: boolean, about: string): Setting {
  return { name, value: isSet ? 'set' : null, secret: true, about };
}
