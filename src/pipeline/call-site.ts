const DEPTH = 6

/** Folder of this package's own code, so that its frames can be left out: `src/` in the tree, `dist/` when built. */
const own = new URL(import.meta.url.endsWith('/pipeline/call-site.ts') ? '..' : '.', import.meta.url)
const ownUrl = own.href
const ownPath = own.protocol === 'file:' ? decodeURIComponent(own.pathname) : ownUrl

/**
 * The place that called `run()`. Capturing it must cost next to nothing, since every run does; only a failure formats
 * it.
 */
export class CallSite extends Error {
  constructor() {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = DEPTH
    super('The plan was run here.')
    Error.stackTraceLimit = limit
  }

  /** Leaves the frames of this package out of the stack, so that it begins with the caller's line. */
  trimmed(): this {
    const [head = '', ...frames] = (this.stack ?? '').split('\n')
    const callers = frames.filter((frame) => !frame.includes(ownUrl) && !frame.includes(ownPath))
    // A program that was bundled into one file has no frames but its own.
    const kept = callers.some((frame) => !frame.includes('node:')) ? callers : frames
    Object.defineProperty(this, 'stack', { value: [head, ...kept].join('\n'), writable: true, configurable: true })
    return this
  }
}
Object.defineProperty(CallSite.prototype, 'name', { value: 'CallSite', configurable: true })

/** Makes a call site the cause of an error; the cause it had moves one further. */
export function blame(error: Error, site: CallSite): void {
  const inner: unknown = error.cause
  if (inner instanceof CallSite) return
  site.trimmed()
  if (inner !== undefined) Object.defineProperty(site, 'cause', { value: inner, configurable: true, writable: true })
  Object.defineProperty(error, 'cause', { value: site, configurable: true, writable: true, enumerable: false })
}
