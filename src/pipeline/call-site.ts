import { isTenantlabError, messageOf, type PlanData, TenantlabError } from '../plan/index.ts'

/** The frames from here to the call of `run()`, and one or two of theirs: each costs a part of a microsecond. */
const NEAR = 4
/** The frames from here to a subscriber of cold events, and a few of theirs. */
const FAR = 11

/**
 * Folder of this package's own code, so that its frames can be left out: `src/` in the tree, `dist/` when built. A module
 * in a reader's bundle of CommonJS has no address, and nothing is left out.
 */
const own = import.meta.url && new URL(isBelow(import.meta.url) ? '..' : '.', import.meta.url)
const ownUrl = own ? own.href : 'none:'
const ownPath = own && own.protocol === 'file:' ? decodeURIComponent(own.pathname) : ownUrl

/** Built modules lie in chunks/ below the entry files, and this one in a room below them in the tree. */
function isBelow(url: string): boolean {
  return url.endsWith('/pipeline/call-site.ts') || url.includes('/dist/chunks/')
}

/**
 * Captures the calling line when a run begins. That must cost next to nothing, so only a failure formats it.
 *
 * @param far for those who do not call it straight from what the user called.
 */
export function callSite(far = false): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = far ? FAR : NEAR
  const site = new Error('The plan was run here.')
  Error.stackTraceLimit = limit
  return site
}

/** Makes a call site the cause of an error that has none; the cause it had moves one further. */
export function blame(error: Error, captured: Error): void {
  const inner: unknown = error.cause
  if (inner instanceof Error && inner.name === 'CallSite') return
  const site = new Error(captured.message)
  define(site, 'name', 'CallSite')
  const { frames } = callers(captured.stack ?? '')
  define(site, 'stack', [`CallSite: ${captured.message}`, ...frames].join('\n'))
  if (inner !== undefined) define(site, 'cause', inner)
  define(error, 'cause', site)
}

/** The frames of a stack without those of this package, so that they begin with the caller's line. */
function callers(stack: string): { frames: readonly string[]; foreign: boolean } {
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '))
  const others = frames.filter((frame) => !frame.includes(ownUrl) && !frame.includes(ownPath))
  const foreign = others.some((frame) => !frame.includes('node:') && !frame.includes('/node_modules/'))
  // A program that was bundled into one file has no frames but its own.
  return { frames: foreign ? others : frames, foreign }
}

/** True for an error that the code of this package raised, not a function that the caller brought. */
function raisedHere(error: unknown): boolean {
  if (!(error instanceof Error) || !own) return false
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  const first = frames.find((frame) => !frame.includes('<anonymous>') && !frame.includes('node:'))
  return first !== undefined && (first.includes(ownUrl) || first.includes(ownPath))
}

/** The error itself where it is one of this package, else one that wraps what a function of the caller raised. */
export function asTenantlabError(problem: unknown, name: string, plan: PlanData | undefined): TenantlabError {
  if (isTenantlabError(problem)) return problem
  const said = messageOf(problem).replace(/[.\s]+$/, '')
  return new TenantlabError(
    'unexpected',
    raisedHere(problem)
      ? `${name} failed within tenantlab: ${said}. That is a fault of this package and not of your code: please report it with the stack of error.cause.`
      : `${name} ended in an error that tenantlab did not raise: ${said}. A stage, transport or token function of the caller raised it; see error.cause.`,
    { cause: problem, ...(plan !== undefined && { plan }) },
  )
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
}

/** A line of the user's code. */
export interface CallingLine {
  /** Path of the file. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** The line of the user's code that an error comes from: where it ran what failed, else where it was raised. */
export function callingLine(error: unknown): CallingLine | undefined {
  const chain: Error[] = []
  for (let each = error; each instanceof Error && !chain.includes(each); each = each.cause) chain.push(each)
  const told = chain.filter(({ name }) => name === 'CallSite')
  for (const { stack = '' } of told.length > 0 ? told : chain) {
    const { frames, foreign } = callers(stack)
    if (!foreign) continue
    for (const frame of frames) {
      const [, path, line, column] = /(?:file:\/\/)?(\/[^()]+):(\d+):(\d+)\)?$/.exec(frame) ?? []
      if (path === undefined || path.includes('/node_modules/') || frame.includes('node:')) continue
      const file = frame.includes('file://') ? decodeURIComponent(path) : path
      return { file, line: Number(line), column: Number(column) }
    }
  }
  return undefined
}
