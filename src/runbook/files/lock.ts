import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'

/** The process that a lock belongs to. */
interface Owner {
  readonly pid: number
  readonly host?: string
  /** When it was started, as the system tells it: a process number is given again, in a container often to the same program. */
  readonly started?: string
}

/**
 * Takes a file for this process alone, by a lock beside it. The lock of a process that is no more is taken over.
 *
 * @returns What gives it free.
 * @throws ConfigurationError when another process has it.
 */
export function lockFor(path: string): () => void {
  const lock = `${path}.lock`
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Optional)
  for (;;) {
    if (take(lock, own)) return () => rmSync(lock, { force: true })
    const held = read(lock)
    if (held === undefined) continue
    refuseLiving(path, lock, ownerIn(held))
    takeAway(lock, held)
  }
}

type Optional = { [key in keyof Owner]: Owner[key] | undefined }

/** The lock appears with its owner in it, so that nobody reads one that is half written. */
function take(lock: string, own: string): boolean {
  const mine = `${lock}.${process.pid}`
  writeFileSync(mine, own, { mode: 0o600 })
  try {
    linkSync(mine, lock)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // Some file systems have no second names.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(code)) throw error
    return write(lock, own)
  } finally {
    rmSync(mine, { force: true })
  }
}

function write(lock: string, own: string): boolean {
  try {
    writeFileSync(lock, own, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Takes a lock away that nobody holds any more; one that another process has just put in its place is given back. */
function takeAway(lock: string, held: string): void {
  const aside = `${lock}.stale.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const found = read(aside) ?? held
  if (found !== held) write(lock, found)
  rmSync(aside, { force: true })
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

function refuseLiving(path: string, lock: string, { pid, host, started }: Owner): void {
  if (host !== undefined && host !== hostname()) {
    throw new ConfigurationError(
      `The journal ${path} belongs to the process ${pid} on ${host}, and from here nobody can tell whether it still runs. ` +
        `Wait for it to end; when you know that it has, delete ${lock}.`,
    )
  }
  if (!isAlive(pid)) return
  const now = startOf(pid)
  if (started !== undefined && now !== undefined && started !== now) return
  throw new ConfigurationError(
    `The process ${pid} is running with the journal ${path}. Wait for it to end; a journal belongs to one process at a time.`,
  )
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
