import type { OperationRow } from './row.ts'
import { rows } from './rows.ts'

/** A row found by its route, with the path parameters read from the path. */
export interface RouteMatch {
  readonly row: OperationRow
  /** Path parameters by name, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
}

interface Step {
  readonly literals: Map<string, Step>
  parameter?: Step
  /** Rows that end here, by method. */
  readonly ends: Map<string, OperationRow>
}

const newStep = (): Step => ({ literals: new Map(), ends: new Map() })
let root: Step | undefined

function routes(): Step {
  if (root !== undefined) return root
  const start = newStep()
  for (const row of rows()) {
    let step = start
    for (const part of row.path.slice(1).split('/')) {
      if (part.startsWith('{')) {
        step.parameter ??= newStep()
        step = step.parameter
      } else {
        let next = step.literals.get(part)
        if (next === undefined) {
          next = newStep()
          step.literals.set(part, next)
        }
        step = next
      }
    }
    step.ends.set(row.method, row)
  }
  root = start
  return start
}

/**
 * The operation that a concrete path belongs to; literal segments beat parameters.
 *
 * @param method HTTP method, any case.
 * @param path Path under the domain, without query: `/api/v2/users/auth0%7C1`.
 * @returns The row and its path parameters, or `undefined`.
 */
export function findRow(method: string, path: string): RouteMatch | undefined {
  const parts = path.split('?', 1)[0]?.replace(/^\//, '').split('/') ?? []
  return search(routes(), method.toUpperCase(), parts, 0, [])
}

function search(
  step: Step,
  method: string,
  parts: readonly string[],
  index: number,
  values: readonly string[],
): RouteMatch | undefined {
  const part = parts[index]
  if (part === undefined) {
    const row = step.ends.get(method)
    if (row === undefined) return undefined
    return { row, params: Object.fromEntries(row.parameters.map((place, at) => [place.name, values[at] ?? ''])) }
  }
  const literal = step.literals.get(part) ?? step.literals.get(decoded(part))
  const found = literal && search(literal, method, parts, index + 1, values)
  if (found !== undefined) return found
  if (step.parameter === undefined || part === '') return undefined
  return search(step.parameter, method, parts, index + 1, [...values, decoded(part)])
}

// A path that is no valid percent-encoding stands for itself.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
