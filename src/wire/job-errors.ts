import type { JobErrors } from '../catalogue/index.ts'
import { isJsonObject } from '../plan/index.ts'

type Kind = JobErrors['kind']

const kinds: Readonly<Record<`is${string}`, Kind>> = { isImport: 'import', isGeneric: 'generic', isNone: 'none' }

/**
 * The errors of a job as a union by `kind`: a list of records that could not be imported, what is wrong with the job as
 * a whole, or `none` for the answer without a body. Its functions are not enumerable: the value prints and compares as data.
 */
export function jobErrors(value: unknown): JobErrors {
  if (value === undefined) return withWords({ kind: 'none' })
  if (Array.isArray(value)) return withWords({ kind: 'import', errors: value })
  return withWords(
    isJsonObject(value) ? { ...value, kind: 'generic' } : { kind: 'generic', status_details: String(value) },
  )
}

function withWords(data: { readonly kind: Kind; readonly [field: string]: unknown }): JobErrors {
  const choose = (handlers: Partial<Record<Kind, (errors: unknown) => unknown>>) => handlers[data.kind]?.(data)
  const words: Record<string, unknown> = {
    match: choose,
    visit: (handlers: Parameters<typeof choose>[0]): void => {
      choose(handlers)
    },
  }
  for (const [word, kind] of Object.entries(kinds)) words[word] = () => data.kind === kind
  for (const [word, value] of Object.entries(words)) Object.defineProperty(data, word, { value })
  return data as unknown as JobErrors
}
