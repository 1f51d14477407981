// How a run is told: to people, to programs, to GitHub, and afterwards in a report.
export { githubReport } from './github.ts'
export { humanReport, jsonReport, type Screen } from './human.ts'
export { changeLine } from './line.ts'
export { markdownReport } from './markdown.ts'
