// The room of `lab()`: how a notebook opens its tenant, the embedded one or the one that the reader names.
export { type Lab, type LabOptions, lab, type SandboxLab } from './lab.ts'
