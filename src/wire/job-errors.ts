import type { JobErrors } from '../catalogue/index.ts'
import { isJsonObject } from '../plan/index.ts'

type Kind = JobErrors['kind']
type Cases = Partial<Record<Kind, (errors: unknown) => unknown>>

const GUARDS: Readonly<Record<string, Kind>> = { isImport: 'import', isGeneric: 'generic', isNone: 'none' }

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
  const words: Record<string, unknown> = {
    match(cases: Cases) {
      const chosen = cases[data.kind]
      if (chosen === undefined) {
        throw new TypeError(
          `match(): there is no function for ${data.kind}. Give import, generic and none, or use visit().`,
        )
      }
      return chosen(data)
    },
    visit(cases: Cases): void {
      cases[data.kind]?.(data)
    },
  }
  for (const [word, kind] of Object.entries(GUARDS)) words[word] = () => data.kind === kind
  for (const [word, value] of Object.entries(words)) Object.defineProperty(data, word, { value })
  return data as unknown as JobErrors
}
