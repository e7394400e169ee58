import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Loaded before every test file: tests must pass on a machine without a network, so whatever leaves this machine
 * fails at once and says so. The server at TEST_DATABASE_URL is the exception.
 */
const databaseHost = process.env.TEST_DATABASE_URL && new URL(process.env.TEST_DATABASE_URL).hostname;

function isLocal(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  if (name === databaseHost || name === 'localhost' || name.endsWith('.localhost')) return true;
  return name === '::1' || name === '::' || name === '0.0.0.0' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(name);
}

function refuse(host: string): Error {
  return new Error(
    `Tests must not reach the network, and this one tried "${host}". Inject the fetch or the resolver.`,
  );
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  // node:net itself passes its normalised arguments: an array of the options and the listener.
  const normalised = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options = normalised[0];
  const isTcp = typeof options === 'object' && options !== null && 'host' in options;
  const host = isTcp ? options.host : normalised[1];
  if (typeof host === 'string' && !isLocal(host)) {
    if (isTcp && 'lookup' in options && options.lookup && !net.isIP(host)) {
      normalised[0] = { ...options, lookup: answerLocally(options.lookup as net.LookupFunction) };
    } else {
      process.nextTick(() => this.destroy(refuse(host)));
      return this;
    }
  }
  return Reflect.apply(connect, this, args);
};

/** A test may resolve any name itself, as long as the answer is this machine. */
function answerLocally(lookup: net.LookupFunction): net.LookupFunction {
  return (host, options, done) =>
    lookup(host, options, (error, answer, family) => {
      const addresses = Array.isArray(answer) ? answer.map(({ address }) => address) : [answer];
      const outside = error ? undefined : addresses.find((address) => !isLocal(address));
      if (outside === undefined) done(error, answer, family);
      else done(refuse(outside), []);
    });
}

const lookup = dns.lookup;
type LookupCallback = (error: Error | null) => void;
dns.lookup = ((host: string, ...rest: unknown[]) => {
  if (isLocal(host) || net.isIP(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
  process.nextTick(rest.at(-1) as LookupCallback, refuse(host));
}) as typeof dns.lookup;

const lookupPromise = dns.promises.lookup;
dns.promises.lookup = (async (host: string, ...rest: unknown[]) => {
  if (isLocal(host) || net.isIP(host)) return Reflect.apply(lookupPromise, dns.promises, [host, ...rest]);
  throw refuse(host);
}) as typeof dns.promises.lookup;

syncBuiltinESMExports();
