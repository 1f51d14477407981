// The search languages of the Management API: the Lucene subset and the sort parameter.
export { compileQuery, type SearchRules, valuesAt } from './lucene.ts'
export { sorted } from './sort.ts'
