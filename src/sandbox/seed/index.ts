// The data that every sandbox starts with.
export { seedTenant } from './seed.ts'
