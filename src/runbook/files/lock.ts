import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'
import { DecisionError } from '../../run/index.ts'

/** The process that a lock belongs to. */
interface Owner {
  readonly pid: number
  readonly host?: string
  /** When it was started, as the system tells it: a process number is given again, in a container often to the same program. */
  readonly started?: string
}

/** What is locked, for the sentence that a second process is told. */
interface LockedThing {
  /** Path that the lock lies beside. */
  readonly path: string
  refuse(owner: Owner, lock: string, elsewhere: boolean): Error
}

/**
 * Takes a journal for this process alone, by a lock beside it. The lock of a process that has ended is taken over.
 *
 * @returns What releases it.
 * @throws ConfigurationError when another process has it.
 */
export function lockFor(path: string): () => void {
  return lock({
    path,
    refuse: ({ pid, host }, file, elsewhere) =>
      new ConfigurationError(
        elsewhere
          ? `The journal ${path} belongs to the process ${pid} on ${host}, and from here nobody can tell whether it still runs. ` +
              `Wait for it to end; when you know that it has, delete ${file}.`
          : `The process ${pid} is running with the journal ${path}. Wait for it to end; a journal belongs to one process at a time.`,
      ),
  })
}

/**
 * Takes a runbook with its parameters on one tenant for this process alone.
 *
 * @param path where the lock lies.
 * @returns What releases it.
 * @throws DecisionError naming the process that runs the same.
 */
export function lockRun(path: string, runbook: string, tenant: string): () => void {
  return lock({
    path,
    refuse: (owner, file, elsewhere) => runsAlready(owner, runbook, tenant, elsewhere ? file : undefined),
  })
}

/** What the second process is told that runs the same. @param file the lock, where it belongs to another machine. */
export function runsAlready({ pid, host }: Owner, runbook: string, tenant: string, file?: string): DecisionError {
  return new DecisionError(
    runbook,
    `The process ${pid}${file === undefined ? '' : ` on ${host}`} runs "${runbook}" on ${tenant} with the same parameters. Nothing was sent. ` +
      (file === undefined
        ? 'Wait for it to end, and run again.'
        : `Wait for it to end; when you know that it has, delete ${file}.`),
  )
}

function lock(thing: LockedThing): () => void {
  const file = `${thing.path}.lock`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Optional)
  for (;;) {
    if (take(file, own)) return () => rmSync(file, { force: true })
    const held = read(file)
    if (held === undefined) continue
    refuseLiving(thing, file, held)
    if (takeOver(thing, file, own)) return () => rmSync(file, { force: true })
  }
}

type Optional = { [key in keyof Owner]: Owner[key] | undefined }

/** The lock appears with its owner in it, so that nobody reads one that is half written. */
function take(file: string, own: string): boolean {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, own, { mode: 0o600 })
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // Some file systems have no second names.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(code)) throw error
    return write(file, own)
  } finally {
    rmSync(mine, { force: true })
  }
}

function write(file: string, own: string): boolean {
  try {
    writeFileSync(file, own, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Replaces a lock whose process has ended. Only one process does that at a time: it holds a claim, numbered above the
 * claims of processes that ended meanwhile, and looks at the lock once more under it.
 */
function takeOver(thing: LockedThing, file: string, own: string): boolean {
  const claim = claimOn(file, own)
  if (claim === undefined) return false
  try {
    const held = read(file)
    if (held === undefined) return false
    refuseLiving(thing, file, held)
    const mine = `${file}.${process.pid}`
    writeFileSync(mine, own, { mode: 0o600 })
    renameSync(mine, file)
    return true
  } finally {
    rmSync(claim, { force: true })
  }
}

/** The claim of this process; nothing where another living one has a claim. */
function claimOn(file: string, own: string): string | undefined {
  const claims = (): readonly { readonly path: string; readonly number: number; readonly living: boolean }[] => {
    const start = `${basename(file)}.claim.`
    return readdirSync(dirname(file)).flatMap((name) => {
      const number = name.startsWith(start) ? Number(name.slice(start.length)) : Number.NaN
      if (!Number.isInteger(number)) return []
      const path = join(dirname(file), name)
      const text = read(path)
      return text === undefined ? [] : [{ path, number, living: !hasGone(path, text) }]
    })
  }
  const before = claims()
  if (before.some(({ living }) => living)) return pause()
  const claim = `${file}.claim.${Math.max(0, ...before.map(({ number }) => number)) + 1}`
  if (!take(claim, own)) return pause()
  // Who claimed at the same moment, under another number, sees this claim as this process sees theirs: both step back.
  const others = claims().filter(({ path }) => path !== claim)
  if (others.some(({ living }) => living)) {
    rmSync(claim, { force: true })
    return pause()
  }
  for (const { path } of others) rmSync(path, { force: true })
  return claim
}

/** A claim lasts no longer than a few file operations. */
function pause(): undefined {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * 10)
  return undefined
}

/** True where the process of a lock has ended; one that is just being written may have no owner yet. */
function hasGone(path: string, text: string): boolean {
  const owner = ownerIn(text)
  if (owner.pid === 0) return !isFresh(path)
  if (owner.host !== undefined && owner.host !== hostname()) return false
  return !isRunning(owner)
}

/** Milliseconds in which a file without an owner may still be written. */
const WRITING = 2000

function isFresh(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < WRITING
  } catch {
    // It is gone: its process has ended with it.
    return false
  }
}

function ownerIn(text: string): Owner {
  try {
    const owner = JSON.parse(text) as Owner | number
    return typeof owner === 'number' ? { pid: owner } : owner
  } catch {
    // An empty or broken lock was left by a crash of the machine.
    return { pid: 0 }
  }
}

function refuseLiving(thing: LockedThing, file: string, held: string): void {
  const owner = ownerIn(held)
  const elsewhere = owner.host !== undefined && owner.host !== hostname()
  if (elsewhere || isRunning(owner)) throw thing.refuse(owner, file, elsewhere)
}

function isRunning({ pid, started }: Owner): boolean {
  if (!isAlive(pid)) return false
  const now = startOf(pid)
  return started === undefined || now === undefined || started === now
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || hasEnded(pid)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A process that has ended answers signals until its parent asks for its end, which in a container may be never. */
function hasEnded(pid: number): boolean {
  return ['Z', 'X'].includes(statusOf(pid)?.[0] ?? '')
}

/** What the system tells of a process after its number and its name; nothing where it does not tell. */
function statusOf(pid: number): readonly string[] | undefined {
  const status = read(`/proc/${pid}/stat`)
  // The name of the program stands in brackets and may hold anything.
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')
}

/** When a process was started, counted from which start of the machine; nothing where the system does not tell. */
function startOf(pid: number): string | undefined {
  const status = statusOf(pid)
  const boot = read('/proc/sys/kernel/random/boot_id')
  return status === undefined || boot === undefined ? undefined : `${boot.trim()} ${status[19]}`
}
