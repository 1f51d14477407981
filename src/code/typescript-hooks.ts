// The hooks that Node 20 runs in a thread of their own; later versions take those of typescript-imports.ts directly.
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { isOfPackage, isTypeScript, moduleOf, otherwise } from './typescript-imports.ts'

let self = ''

/** Learns where this package lies. */
export const initialize: InitializeHook<{ self: string }> = (data) => {
  self = data.self
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const own = isOfPackage(specifier, self)
  if (own !== undefined) return next(own, context)
  try {
    return await next(specifier, context)
  } catch (error) {
    const other = otherwise(specifier, self, error)
    return next(other.specifier, { ...context, ...other.context })
  }
}

export const load: LoadHook = async (url, context, next) => (isTypeScript(url) ? moduleOf(url) : next(url, context))
