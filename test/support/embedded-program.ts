import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';

/** A program of its own for the tests that kill it: starts the database in the folder given, says so, and stays. */
const database = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', durable: false });
console.log(database.url);
setInterval(() => {}, 1_000);
