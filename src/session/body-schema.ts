import { meantSentence, nearest, operationIds, row } from '../catalogue/index.ts'
import { zodOf } from '../pipeline/index.ts'
import { ConfigurationError, ValidationError } from '../plan/index.ts'

/** The zod schema of a request body, as far as every version of zod has it. */
export interface BodySchema {
  /** The value, or a ZodError. */
  parse(value: unknown): unknown
  safeParse(value: unknown): BodySchemaResult
}

/** What a schema says of a value. */
export interface BodySchemaResult {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: { readonly issues: readonly object[] }
}

/**
 * The zod schema of an operation's body, or of its query where it has no body.
 *
 * @throws ValidationError for an operation that is not known or takes neither.
 */
export function bodySchema(operation: string): BodySchema {
  const known = row(String(operation).replace(/^auth0\./, ''))
  const name = known?.body?.schema ?? known?.querySchema
  if (name === undefined) {
    const near = known === undefined ? nearest(String(operation), operationIds()) : undefined
    const rule = known === undefined ? 'is not an operation' : 'takes neither body nor query'
    const next = meantSentence(near, "auth0.find('word') searches.")
    throw new ValidationError(`auth0.schema(): "${String(operation).slice(0, 80)}" ${rule}. ${next}`, {
      issues: [{ path: '', rule, ...(near !== undefined && { suggestion: near }) }],
    })
  }
  const schema = zodOf(name)
  if (schema !== undefined) return schema as BodySchema
  throw new ConfigurationError(
    'auth0.schema(): zod cannot be loaded at once in a bundle. Run a plan with a body first, or leave tenantlab out of the bundle.',
  )
}
