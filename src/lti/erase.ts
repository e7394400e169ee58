export { deleteHints as eraseLaunches } from './erase-store.ts';
