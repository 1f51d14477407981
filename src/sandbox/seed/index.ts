// The data that every sandbox starts with.
export { populate } from './population.ts'
export { seedTenant } from './seed.ts'
