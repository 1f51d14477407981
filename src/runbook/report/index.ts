// How a run is told: to people, to programs, to GitHub, and afterwards in a report.
export type { Report, Screen } from './contract.ts'
export { githubReport } from './github.ts'
export { humanReport } from './human.ts'
export { jsonReport } from './json.ts'
export { changeLine } from './line.ts'
export { markdownReport } from './markdown.ts'
export { placeText } from './run-lines.ts'
export { isContinuous, standardScreen } from './screen.ts'
