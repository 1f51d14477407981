import type * as Zod from 'zod'
import type { JsonSchema } from '../../catalogue/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'
import { alternativesOf, declaredIn, takesAny, valuesOf } from './schemas.ts'

/** Says that a shape stands for values which no document lists: its issues explain nothing. */
export const NEW_SHAPE = 'new shape'

type Guard = (value: unknown, context: Zod.core.$RefinementCtx<unknown>) => void
type Path = readonly string[]

/**
 * What tells several shapes of an object apart: members that only some of them have, and listed values (`strategy`,
 * `type`) that differ between them, at any depth. Unknown members pass in every shape, so this is what keeps choices
 * exclusive.
 */
export class Choice {
  readonly #shapes: readonly JsonSchema[]

  constructor(shapes: readonly JsonSchema[]) {
    this.#shapes = shapes
  }

  /** Whether at least two of the shapes are objects. */
  get isOfObjects(): boolean {
    const objects = this.#shapes.filter((shape) => alternativesOf(shape).some((part) => isJsonObject(part.properties)))
    return objects.length > 1
  }

  /** Refuses in one shape what only others have, and the values that stand for others. */
  guard(index: number): Guard {
    const own = this.#shapes.slice(index, index + 1)
    return (value, context) =>
      foreign(value as Json, own, this.#shapes, [], {
        name: (path, beside) => {
          const message = beside.length === 0 ? 'is not a field here' : `cannot stand beside ${beside.join(' and ')}`
          context.addIssue({ code: 'custom', message, input: value, path: [...path] })
        },
        value: (path, values) =>
          context.addIssue({ code: 'invalid_value', values: values as string[], input: value, path: [...path] }),
      })
  }

  /** Lets pass what no shape is for, told by a value that no document lists. */
  guardNew(): Guard {
    return (value, context) => {
      const shapes = this.#shapes.map((shape) => [shape])
      if (!isNew(value as Json, shapes))
        context.addIssue({ code: 'custom', message: NEW_SHAPE, input: value, path: [] })
    }
  }
}

interface Report {
  /** A member that belongs to other shapes, and members beside it that are this shape's alone. */
  name(path: Path, beside: readonly string[]): void
  /** A value that belongs to other shapes, and those of this shape. */
  value(path: Path, values: readonly Json[]): void
}

function foreign(
  value: Json,
  own: readonly JsonSchema[],
  all: readonly JsonSchema[],
  path: Path,
  report: Report,
): void {
  const ours = own.flatMap(alternativesOf)
  const theirs = all.flatMap(alternativesOf)
  if (Array.isArray(value) || value === null) return
  if (!isJsonObject(value)) {
    const values = listedIn(ours)
    if (values.length === 0 || values.includes(value) || ours.some((shape) => takesAny(shape, typeof value))) return
    if (listedIn(theirs).includes(value)) report.value(path, values)
    return
  }
  const closed = ours.some((shape) => shape.additionalProperties === false)
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const [here, everywhere] = [declaredIn(ours, name), declaredIn(theirs, name)]
    if (here.length > 0) foreign(member, here, everywhere, [...path, name], report)
    else if (closed && everywhere.length > 0) report.name([...path, name], ownNames(value, ours, all))
  }
}

/** Members of an object that this shape has and not every other. */
function ownNames(value: object, ours: readonly JsonSchema[], all: readonly JsonSchema[]): readonly string[] {
  const each = all.map(alternativesOf)
  return Object.keys(value).filter(
    (name) => declaredIn(ours, name).length > 0 && !each.every((shapes) => declaredIn(shapes, name).length > 0),
  )
}

/** Whether a value that tells the shapes apart is one that none of them lists. */
function isNew(value: Json, shapes: readonly (readonly JsonSchema[])[]): boolean {
  const each = shapes.map((own) => own.flatMap(alternativesOf))
  if (isJsonObject(value)) {
    return Object.entries(value).some(([name, member]) => {
      const inner = each.map((own) => declaredIn(own, name)).filter((found) => found.length > 0)
      return inner.length > 1 && member !== undefined && isNew(member, inner)
    })
  }
  if (typeof value !== 'string' || each.flat().some((shape) => takesAny(shape, 'string'))) return false
  const lists = each.map(listedIn)
  if (lists.some((list) => list.length === 0 || list.includes(value))) return false
  return lists.some((list) => JSON.stringify(list) !== JSON.stringify(lists[0]))
}

function listedIn(shapes: readonly JsonSchema[]): readonly Json[] {
  return shapes.flatMap((shape) => valuesOf(shape) ?? [])
}
