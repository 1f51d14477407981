import { types } from 'node:util'

/** The names of an object's members, its prototypes' included and those of the language's own left out. */
export function memberNames(value: unknown): readonly string[] {
  const names = new Set<string>()
  // A text has the members of what it is made into when one is read.
  const held = typeof value === 'string' || typeof value === 'number' ? (Object(value) as object) : value
  for (let holder = held; isHolder(holder) && !isOfLanguage(holder, held); holder = Object.getPrototypeOf(holder)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (name === 'constructor' || (typeof value === 'string' && MARKUP.test(name))) continue
      if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) continue
      names.add(typeof property.value === 'function' ? `${name}(` : name)
    }
  }
  return [...names]
}

/** A member that is there as it is; what a getter would answer stays unknown. */
export function memberOf(value: unknown, name: string): unknown {
  for (let holder = value; isHolder(holder); holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, name)
    if (property !== undefined) return property.value
  }
  return undefined
}

/** Members of texts that write HTML as it was in the nineties. */
const MARKUP = /^(anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|sub|sup)$/

// A proxy's traps are somebody's code: what it has cannot be read without running it.
function isHolder(value: unknown): value is object {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && !types.isProxy(value)
}

/** Prototypes at the root of every object or function, of whichever realm; lists keep the members of theirs. */
function isOfLanguage(holder: object, value: unknown): boolean {
  if (holder === value) return false
  const own = (name: string): boolean => Object.hasOwn(holder, name)
  return own('isPrototypeOf') || (own('call') && own('apply') && own('bind'))
}

/** Keys of an object of any form, to be written in brackets; of a list none. */
export function memberKeys(value: unknown): readonly string[] {
  return isHolder(value) && !Array.isArray(value) ? Object.keys(value) : []
}
