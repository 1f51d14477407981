// The data that every sandbox starts with.
export { loadExport, readOrigin } from './exported/index.ts'
export { populate } from './population.ts'
export { seedEmpty, seedTenant } from './seed.ts'
