export { deleteShownMembers as eraseShownMembers } from './erase-store.ts';
