export { type Lab, type LabOptions, lab, type SandboxLab } from './lab/index.ts'
export type * from './sandbox/index.ts'
export { sandbox } from './sandbox/index.ts'
