export { type Lab, type LabOptions, lab, type SandboxLab } from './lab/index.ts'
export * from './sandbox/index.ts'
