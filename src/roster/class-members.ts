export { type ClassMember, listClassMembers } from './class-members-store.ts';
