// Every operation without a handler of its own, and the settings that a tenant has from its first day.
export { screenDefaults } from './documents.ts'
export { seedManagement } from './first-day.ts'
export { genericHandler } from './handler.ts'
export { emptyMembers, PHONE_CONTENT } from './kinds.ts'
