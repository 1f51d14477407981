import type { SecretPlaces } from './secrets.ts'

/** Where one stands in the paths to secrets: what the next key leads to. */
export interface PlaceNode {
  /** True at a secret and everywhere inside it. */
  readonly hidden: boolean
  readonly keys: ReadonlyMap<string, PlaceNode>
  /** Where a `*` of a path leads. */
  readonly any: PlaceNode | undefined
}

/** Where no path leads. */
export const NOWHERE: PlaceNode = { hidden: false, keys: new Map(), any: undefined }

const INSIDE: PlaceNode = { hidden: true, keys: new Map(), any: undefined }

const trees = new WeakMap<SecretPlaces, PlaceNode>()

/** The paths of secrets as a tree, made once: a walk over a value then compares one key at each step. */
export function treeOf(places: SecretPlaces): PlaceNode {
  let tree = trees.get(places)
  if (tree === undefined) {
    tree = grow([...places.paths, ...places.urls].map((path) => path.split('.')))
    trees.set(places, tree)
  }
  return tree
}

/** Where a key leads. */
export function stepInto(place: PlaceNode, key: string): PlaceNode {
  if (place.hidden) return INSIDE
  return place.keys.get(key) ?? place.any ?? NOWHERE
}

function grow(paths: readonly (readonly string[])[]): PlaceNode {
  if (paths.length === 0) return NOWHERE
  if (paths.some((path) => path.length === 0)) return INSIDE
  const wild = paths.filter(([first]) => first === '*').map((path) => path.slice(1))
  const names = new Set(paths.flatMap(([first]) => (first === undefined || first === '*' ? [] : [first])))
  const keys = new Map<string, PlaceNode>()
  for (const name of names) {
    const exact = paths.filter(([first]) => first === name).map((path) => path.slice(1))
    keys.set(name, grow([...exact, ...wild]))
  }
  return { hidden: false, keys, any: wild.length === 0 ? undefined : grow(wild) }
}
