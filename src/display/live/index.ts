// Displays that change in place while something runs: progress of executions, and lists that grow.
export { type FollowOptions, follow } from './follow.ts'
export { LiveDisplay, type LiveSurroundings, usualSurroundings } from './live-display.ts'
export { isExecution, watch } from './watch.ts'
