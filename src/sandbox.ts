export { type Lab, type LabOptions, lab } from './cli/index.ts'
export * from './sandbox/index.ts'
