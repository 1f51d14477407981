// The search languages of the Management API: the Lucene subset and the sort parameter.
export { compileQuery } from './lucene.ts'
export { sorted } from './sort.ts'
