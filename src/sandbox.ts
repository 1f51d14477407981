export { type Lab, type LabOptions, lab, type SandboxLab } from './cli/index.ts'
export * from './sandbox/index.ts'
