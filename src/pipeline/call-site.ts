/** The frames from here to `run()` of a plan, and a few of the caller's. */
const DEPTH = 8

/** Folder of this package's own code, so that its frames can be left out: `src/` in the tree, `dist/` when built. */
const own = new URL(import.meta.url.endsWith('/pipeline/call-site.ts') ? '..' : '.', import.meta.url)
const ownUrl = own.href
const ownPath = own.protocol === 'file:' ? decodeURIComponent(own.pathname) : ownUrl

/**
 * The place that called `run()`. Capturing it must cost next to nothing, since every run does; only a failure formats
 * it.
 */
export function callSite(): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = DEPTH
  const site = new Error('The plan was run here.')
  Error.stackTraceLimit = limit
  return site
}

/** Makes a call site the cause of an error; the cause it had moves one further. */
export function blame(error: Error, site: Error): void {
  const inner: unknown = error.cause
  if (inner instanceof Error && inner.name === 'CallSite') return
  define(site, 'name', 'CallSite')
  define(site, 'stack', trimmed(site.stack ?? ''))
  if (inner !== undefined) define(site, 'cause', inner)
  define(error, 'cause', site)
}

/** Leaves the frames of this package out, so that the stack begins with the caller's line. */
function trimmed(stack: string): string {
  const [, ...frames] = stack.split('\n')
  const callers = frames.filter((frame) => !frame.includes(ownUrl) && !frame.includes(ownPath))
  // A program that was bundled into one file has no frames but its own.
  const kept = callers.some((frame) => !frame.includes('node:')) ? callers : frames
  return ['CallSite: The plan was run here.', ...kept].join('\n')
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
}
