import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ConfigurationError } from '../plan/index.ts'

type RxJS = typeof import('rxjs')

/** What the build writes as `require`: a bundler then puts the RxJS of the bundle in its place. */
declare const bundlersRequire: ((name: 'rxjs') => RxJS) | undefined

let loaded: RxJS | undefined

/**
 * The reader's own RxJS, whose operators and observables fit together; it is loaded when something first needs it.
 *
 * @param what the function that needs it, for the message: `observe()`.
 * @throws ConfigurationError where there is none.
 */
export function readersRxjs(what: string): RxJS {
  loaded ??= load(what)
  return loaded
}

function load(what: string): RxJS {
  try {
    return typeof bundlersRequire === 'function' ? bundlersRequire('rxjs') : createRequire(place())('rxjs')
  } catch (cause) {
    throw new ConfigurationError(
      `${what} of tenantlab/rx gives observables of your own RxJS, which is not installed. Install it with: npm install rxjs@7`,
      { cause },
    )
  }
}

/** In a bundle of CommonJS a module has no address; what the program can require is then what its folder can. */
function place(): string {
  return import.meta.url ?? pathToFileURL(`${process.cwd()}/`).href
}
