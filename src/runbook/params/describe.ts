import { isJsonObject, isSecretName, type Json, type JsonObject } from '../../plan/index.ts'
import type { ParamsSchema } from '../../run/index.ts'

/** One parameter, as far as its schema tells. */
export interface Parameter {
  readonly name: string
  /** `--per-day` for `perDay`. */
  readonly flag: string
  /** `TENANTLAB_PARAM_PER_DAY` */
  readonly variable: string
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'json'
  readonly required: boolean
  readonly description?: string
  readonly choices?: readonly string[]
  readonly fallback?: Json
  /** By its name, or by `.meta({ secret: true })`. */
  readonly secret: boolean
}

/** The parameters of a schema that can tell its JSON Schema, as zod's can; none for any other. */
export function parametersOf(schema: ParamsSchema<unknown> | undefined): readonly Parameter[] {
  const { toJSONSchema } = (schema ?? {}) as { toJSONSchema?: (options: object) => unknown }
  if (typeof toJSONSchema !== 'function') return []
  const tree = toJSONSchema.call(schema, { io: 'input', unrepresentable: 'any' })
  const properties = isJsonObject(tree) && isJsonObject(tree.properties) ? tree.properties : {}
  const required = isJsonObject(tree) && Array.isArray(tree.required) ? tree.required : []
  return Object.entries(properties).map(([name, property]) => {
    const known = isJsonObject(property) ? property : {}
    const kebab = name
      .replace(/_/g, '-')
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
    return {
      name,
      flag: kebab,
      variable: `TENANTLAB_PARAM_${kebab.replace(/-/g, '_').toUpperCase()}`,
      type: typeOf(known),
      required: required.includes(name),
      ...(typeof known.description === 'string' && { description: known.description }),
      ...(Array.isArray(known.enum) && { choices: known.enum.map(String) }),
      ...(known.default !== undefined && { fallback: known.default }),
      secret: known.secret === true || isSecretName(name) || isSecretName(kebab),
    }
  })
}

/** The names of all parameters, where the schema takes no others; `undefined` where that is not known. */
export function knownParams(schema: ParamsSchema<unknown> | undefined): readonly string[] | undefined {
  const { toJSONSchema } = (schema ?? {}) as { toJSONSchema?: (options: object) => unknown }
  if (typeof toJSONSchema !== 'function') return undefined
  const tree = toJSONSchema.call(schema, { io: 'input', unrepresentable: 'any' })
  if (!isJsonObject(tree) || !isJsonObject(tree.properties)) return undefined
  const open = tree.additionalProperties !== undefined && tree.additionalProperties !== false
  return open || tree.allOf !== undefined || tree.anyOf !== undefined ? undefined : Object.keys(tree.properties)
}

function typeOf({ type, enum: choices }: JsonObject): Parameter['type'] {
  if (type === 'string' || choices !== undefined) return 'text'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'array' ? 'list' : type === undefined ? 'text' : 'json'
}
