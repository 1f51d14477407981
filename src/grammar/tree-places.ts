import type { OperationRow } from '../catalogue/index.ts'
import { operationIds, row } from '../catalogue/index.ts'

/** One node of the resource tree: a group, or a group called with its identifiers. */
export interface TreePlace {
  /** `users`, `users()`, `users().identities`. */
  readonly path: string
  /** Index of the group segment that this node stands for; -1 for the root. */
  readonly segment: number
  readonly verbs: Map<string, OperationRow>
  readonly children: Map<string, TreePlace>
  /** The node that a call leads to, and the names of the arguments. */
  called?: { readonly place: TreePlace; readonly names: readonly string[] }
}

const newPlace = (path: string, segment: number): TreePlace => ({
  path,
  segment,
  verbs: new Map(),
  children: new Map(),
})

const groups = new Map<string, TreePlace>()
let topLevel: readonly string[] | undefined

/** Names of the groups at the root, in order. */
export function topGroups(): readonly string[] {
  topLevel ??= [...new Set(operationIds().map((id) => id.slice(0, id.indexOf('.'))))].filter(
    (name) => name !== 'authentication',
  )
  return topLevel
}

/** The node of a group at the root; reads the rows of that group alone. */
export function topGroup(name: string): TreePlace {
  let place = groups.get(name)
  if (place === undefined) {
    place = newPlace(name, 0)
    for (const id of operationIds()) if (id.startsWith(`${name}.`)) settle(place, row(id) as OperationRow)
    groups.set(name, place)
  }
  return place
}

function settle(top: TreePlace, found: OperationRow): void {
  let place = top
  for (const [index, segment] of found.group.entries()) {
    if (index > 0) {
      let child = place.children.get(segment)
      if (child === undefined) {
        child = newPlace(`${place.path}.${segment}`, index)
        place.children.set(segment, child)
      }
      place = child
    }
    const names = found.parameters.filter((parameter) => parameter.segment === index).map((parameter) => parameter.name)
    if (names.length > 0) {
      place.called ??= { place: newPlace(`${place.path}()`, index), names }
      place = place.called.place
    }
  }
  place.verbs.set(found.verb, found)
}

/** All nodes below a place, itself first. */
export function* placesBelow(place: TreePlace): Generator<TreePlace> {
  yield place
  for (const child of place.children.values()) yield* placesBelow(child)
  if (place.called !== undefined) yield* placesBelow(place.called.place)
}
