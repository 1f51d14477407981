// Lays additions over an OpenAPI document: what SDKs and recorded tenants know and Auth0's document lacks. A fragment
// says only what it adds; its marks (`x-source` and others) tell where that comes from.

const combining = ['properties', 'schemas', 'paths', 'mapping', 'scopes']
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const union = (one, other) => [...new Set([one ?? [], other].flat(2))]

/** True for a document that only adds to another one: it has marks of its origin and no servers. */
export function isOverlay(document) {
  if (document.servers !== undefined) return false
  return JSON.stringify(document).includes('"x-source":')
}

/** Parts the documents into those that stand alone, with every overlay laid over the one that it speaks of. */
export function layOverlays(files) {
  const bases = files.filter(({ document }) => !isOverlay(document))
  const overlays = files.filter(({ document }) => isOverlay(document))
  for (const overlay of overlays) {
    const shared = ({ document }) => namesOf(overlay.document).filter((name) => namesOf(document).includes(name)).length
    const base = bases.toSorted((one, other) => shared(other) - shared(one))[0]
    if (base === undefined || shared(base) === 0)
      throw new Error(`${overlay.file} adds to a document that was not given. Name the document beside it.`)
    const { info, openapi, ...additions } = overlay.document
    base.document = layOver(base.document, additions)
  }
  return bases
}

const namesOf = ({ paths, components }) => [...Object.keys(paths ?? {}), ...Object.keys(components?.schemas ?? {})]

/**
 * One part of a document with its additions. Objects merge key by key; `enum`, `required` and `type` become unions;
 * parameters merge by place and name; `oneOf` and `anyOf` get the branches that they lack. A schema that is a
 * reference, or says `x-replace`, replaces what was there. `x-optional` names what is no longer required, `x-drop` the
 * keywords that go.
 */
export function layOver(base, additions, named = false) {
  if (!isObject(base) || !isObject(additions)) return additions
  if (!named && replaces(base, additions)) return additions
  const result = { ...base }
  for (const [name, addition] of Object.entries(additions)) {
    result[name] = base[name] === undefined ? addition : combined(base[name], addition, name, named)
  }
  for (const name of additions['x-optional'] ?? []) {
    result.required = (result.required ?? []).filter((one) => one !== name)
  }
  if (result.required?.length === 0) delete result.required
  for (const keyword of additions['x-drop'] ?? []) delete result[keyword]
  return result
}

function replaces(base, additions) {
  if (additions.$ref !== undefined || additions['x-replace'] === true) return true
  return base.$ref !== undefined && ['type', 'oneOf', 'anyOf'].some((keyword) => additions[keyword] !== undefined)
}

// `named`: the keys here are names of properties, paths or schemas, not keywords.
function combined(base, addition, key, named) {
  if (named) return layOver(base, addition)
  if (key === 'enum' || key === 'required') return union(base, addition)
  if (key === 'type' && (Array.isArray(base) || Array.isArray(addition))) return union(base, addition)
  if (key === 'parameters') return addition.reduce(withParameter, base)
  if (key === 'oneOf' || key === 'anyOf') {
    return [...base, ...addition.filter((branch) => !base.some((known) => same(known, branch)))]
  }
  return layOver(base, addition, combining.includes(key))
}

function withParameter(parameters, addition) {
  const at = parameters.findIndex((known) => known.name === addition.name && known.in === addition.in)
  return at < 0 ? [...parameters, addition] : parameters.with(at, layOver(parameters[at], addition))
}
