// The room of the `tenantlab` command: one file per sub-command, and what they share.
export { type Lab, type LabOptions, lab, type SandboxLab } from './lab.ts'
export { main } from './main.ts'
export { tourFlows } from './tour/index.ts'
