// A lock file between processes, recovered when its holder is gone.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const beat = 2_000
const silence = 30_000

/**
 * Runs `task` while holding the lock file at `path`; waits for another holder, and calls `onWait` once when it must.
 * The holder touches the file every two seconds: a file whose process is dead, or that was silent for half a minute,
 * is taken over.
 */
export async function withLock(path, task, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true })
  const mark = `${JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() })}\n`
  for (let told = false; !claim(path, mark); ) {
    if (recover(path)) continue
    if (!told) onWait()
    told = true
    await sleep(250)
  }
  const timer = setInterval(() => touch(path), beat)
  try {
    return await task()
  } finally {
    clearInterval(timer)
    if (read(path) === mark) rmSync(path, { force: true })
  }
}

function claim(path, mark) {
  try {
    writeFileSync(path, mark, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function recover(path) {
  const seen = read(path)
  if (seen === undefined) return true
  if (!isStale(path, seen)) return false
  // Renaming is atomic: of several processes that find the same stale file, one moves it and the others look again.
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return true
    throw error
  }
  // Another process may have claimed the lock between the look and the rename: then it gets its file back.
  if (read(aside) !== seen) claim(path, read(aside))
  rmSync(aside, { force: true })
  return true
}

function isStale(path, mark) {
  let holder
  try {
    holder = JSON.parse(mark)
  } catch {
    // Written only in part: left to the rule of silence below.
    holder = {}
  }
  if (holder.host === hostname() && Number.isInteger(holder.pid) && !isAlive(holder.pid)) return true
  try {
    return Date.now() - statSync(path).mtimeMs > silence
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function touch(path) {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
