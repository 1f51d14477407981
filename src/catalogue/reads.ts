import type { OperationRow } from './row.ts'

/** A sentence on how old the answer of a read may be; `undefined` where it is the record as it is now. */
export function ageOfAnswer({ reads, settle = 0, storeReads = [] }: OperationRow): string | undefined {
  if (reads === 'store') return undefined
  const lag = `The answer comes from an index that lags: it may be ${settle / 1000} seconds old, and what was just written may be missing.`
  if (storeReads.length === 0) return lag
  return `${lag} ${storeReads.join(' and ')} ${storeReads.length === 1 ? 'reads' : 'read'} the record itself.`
}
