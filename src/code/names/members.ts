import { types } from 'node:util'

/** The names of an object's members, its prototypes' included and those of the language's own left out. */
export function memberNames(value: unknown): readonly string[] {
  const names = new Set<string>()
  for (let holder = value; isHolder(holder) && !isOfLanguage(holder, value); holder = Object.getPrototypeOf(holder)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (name === 'constructor' || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) continue
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
