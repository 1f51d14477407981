/** The frames from here to `run()` of a plan, and a few of the caller's. */
const DEPTH = 8

/** Folder of this package's own code, so that its frames can be left out: `src/` in the tree, `dist/` when built. */
const own = new URL(import.meta.url.endsWith('/pipeline/call-site.ts') ? '..' : '.', import.meta.url)
const ownUrl = own.href
const ownPath = own.protocol === 'file:' ? decodeURIComponent(own.pathname) : ownUrl

/** From so many at once on, runs come from a loop, and looking up the line of each would cost a tenth of its work. */
const MANY = 32
/** In a crowd, the line of one run in so many is looked up. */
const SAMPLE = 16

let running = 0
let sinceLast = 0
let last: Error | undefined

/** The place that called `run()`, or what is known of it. */
export interface CallSite {
  readonly captured: Error
  /** False when it is the place of another run of the same crowd. */
  readonly exact: boolean
}

/** Captures the calling line, when a run begins; only a failure formats it. `callSiteEnded` must follow. */
export function callSite(): CallSite {
  running += 1
  if (running > MANY && last !== undefined && sinceLast < SAMPLE) {
    sinceLast += 1
    return { captured: last, exact: false }
  }
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = DEPTH
  last = new Error()
  Error.stackTraceLimit = limit
  sinceLast = 0
  return { captured: last, exact: true }
}

/** A run has ended; the last of a crowd lets its captured line go. */
export function callSiteEnded(): void {
  running -= 1
  if (running === 0) last = undefined
}

/** Makes a call site the cause of an error; the cause it had moves one further. */
export function blame(error: Error, { captured, exact }: CallSite): void {
  const inner: unknown = error.cause
  if (inner instanceof Error && inner.name === 'CallSite') return
  const message = exact
    ? 'The plan was run here.'
    : `The plan was run among more than ${MANY} at once; one of them was run here.`
  const site = new Error(message)
  define(site, 'name', 'CallSite')
  define(site, 'stack', [`CallSite: ${message}`, ...callers(captured.stack ?? '')].join('\n'))
  if (inner !== undefined) define(site, 'cause', inner)
  define(error, 'cause', site)
}

/** The frames of a stack without those of this package, so that they begin with the caller's line. */
function callers(stack: string): readonly string[] {
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '))
  const foreign = frames.filter((frame) => !frame.includes(ownUrl) && !frame.includes(ownPath))
  // A program that was bundled into one file has no frames but its own.
  return foreign.some((frame) => !frame.includes('node:')) ? foreign : frames
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
}
