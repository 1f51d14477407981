// The room of what needs two different requests: each flow is inert until run, and is given a runner instead of a session.
export { all, andThen, each, type MakeFlow, map, otherwise } from './compose.ts'
export { diffFlow } from './diff.ts'
export { inspectToken } from './inspect-token.ts'
export { interactiveFlow } from './interactive.ts'
export type { InteractiveScene } from './interactive-scene.ts'
export { jobFinishedFlow } from './job-finished.ts'
export { applyMerge, undoMerge } from './merge.ts'
