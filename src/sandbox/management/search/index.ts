// The search languages of the Management API: the Lucene subset and the sort parameter.
export { compileQuery } from './lucene.ts'
export { comparison, sorted } from './sort.ts'
