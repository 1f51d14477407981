// The data that every sandbox starts with.
export { populate } from './population.ts'
export { seedEmpty, seedTenant } from './seed.ts'
