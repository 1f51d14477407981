import { createRequire } from 'node:module'
import type * as Zod from 'zod'
import { schemaOf } from '../../catalogue/index.ts'
import { Converter } from './convert.ts'

let ready: Converter | undefined
let loading: Promise<Converter> | undefined

/** The checks, with zod loaded when a plan with arguments first needs it. */
export function converter(): Promise<Converter> {
  loading ??= import('zod').then((z) => {
    ready ??= new Converter(z)
    return ready
  })
  return loading
}

/**
 * The checks, where zod is there already. `must` loads it now, for a card that cannot wait; in a bundle, which holds no
 * package to load, the answer stays `undefined` until a plan has been run.
 */
export function loadedConverter(must = false): Converter | undefined {
  if (ready === undefined && must) {
    const z = required()
    if (z !== undefined) ready = new Converter(z)
  }
  return ready
}

/** The zod schema of that name in the catalogue; `undefined` where zod cannot be loaded at once. */
export function zodOf(name: string): Zod.ZodType | undefined {
  return loadedConverter(true)?.convert(schemaOf(name))
}

function required(): typeof Zod | undefined {
  // Bundles in CommonJS have no import.meta.url.
  const here = import.meta.url as string | undefined
  if (here === undefined) return undefined
  try {
    return createRequire(here)('zod') as typeof Zod
  } catch {
    return undefined
  }
}
