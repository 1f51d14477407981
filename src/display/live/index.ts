// Displays that change in place while something runs: progress of executions, and lists that grow.
export { type FollowOptions, follow } from './follow.ts'
export { isExecution, watch } from './watch.ts'
