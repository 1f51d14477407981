/** Where the secrets of a value lie, as dotted paths; `*` stands for any one key or index. */
export interface SecretPaths {
  readonly paths?: readonly string[]
  /** Paths of URLs whose query is a secret. */
  readonly urls?: readonly string[]
}

/** One step of a walk along the paths to secrets: what stands here, and where the next key leads. */
export interface SecretPlace {
  /** What is secret here: the whole value, or the query of a URL. */
  readonly hides?: 'value' | 'query'
  readonly keys: ReadonlyMap<string, SecretPlace>
  /** Where a `*` of a path leads. */
  readonly any?: SecretPlace
}

/** Where no path leads. */
export const NOWHERE: SecretPlace = { keys: new Map() }

/** Trees by their lists of paths, which a caller makes once. */
const known = new WeakMap<readonly string[], { readonly urls: readonly string[]; readonly tree: SecretPlace }>()
const NONE: readonly string[] = []

/** The paths as a tree, made once for each pair of lists: a walk over a value then looks up one key at each step. */
export function secretPlaceOf({ paths = NONE, urls = NONE }: SecretPaths): SecretPlace {
  if (paths.length === 0 && urls.length === 0) return NOWHERE
  const found = known.get(paths)
  if (found?.urls === urls) return found.tree
  const tree = grow([...paths.map((path) => wayTo(path, 'value')), ...urls.map((path) => wayTo(path, 'query'))])
  known.set(paths, { urls, tree })
  return tree
}

/** Where a key leads. */
export function stepTo({ keys, any }: SecretPlace, key: string): SecretPlace {
  return keys.get(key) ?? any ?? NOWHERE
}

interface Way {
  readonly keys: readonly string[]
  readonly hides: 'value' | 'query'
}

function wayTo(path: string, hides: Way['hides']): Way {
  return { keys: path.split('.'), hides }
}

function grow(ways: readonly Way[]): SecretPlace {
  if (ways.length === 0) return NOWHERE
  const ends = ways.filter(({ keys }) => keys.length === 0)
  const below = (name: string): Way[] =>
    ways.filter(({ keys }) => keys[0] === name).map(({ keys, hides }) => ({ keys: keys.slice(1), hides }))
  const wild = below('*')
  const names = new Set(ways.flatMap(({ keys: [first] }) => (first === undefined || first === '*' ? [] : [first])))
  return {
    keys: new Map([...names].map((name) => [name, grow([...below(name), ...wild])])),
    ...(wild.length > 0 && { any: grow(wild) }),
    ...(ends.length > 0 && { hides: ends.some(({ hides }) => hides === 'value') ? 'value' : 'query' }),
  }
}
