// Lets a real process kill itself with SIGKILL at an exact line of its journal, without a watcher, a timer or a hook in
// the product: it stands between the process and its file system.
//
//   KILL_AT=after:12 node --import ./test/runbook/kill-at.mjs dist/cli.js run FILE --journal run.jsonl
//
// KILL_AT is `before`, `after` or `torn`, and which line:
//   before:12              before the 12th line of the journal is written (lines of earlier runs count)
//   after:12               after the 12th line is on the disk, so that nothing follows it
//   torn:12                when half of the 12th line is written
//   after:send create Job  at the first line of this process that has this type, and this step where one is given
//   after:check send create Job   the same for a line of a request beside the step, by its purpose
// Journals are files that end in .jsonl, audit records aside. Without KILL_AT the process runs as ever.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { KILL_AT = '' } = process.env
const [, when, place] = /^(before|after|torn):(.+)$/.exec(KILL_AT) ?? []
if (KILL_AT !== '' && place === undefined)
  throw new Error(`KILL_AT is before:, after: or torn: and a line, not "${KILL_AT}".`)

/** Lines by the handle of the journal that they are in. */
const lines = new Map()
const { openSync, closeSync, writeSync, fsyncSync, readFileSync } = fs

function die() {
  process.kill(process.pid, 'SIGKILL')
  // The signal ends the process before the call returns; should it ever not, nothing may run on.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function isHere(text, number) {
  if (/^\d+$/.test(place)) return number === Number(place)
  const { type, step, purpose } = JSON.parse(text)
  return place === type || place === `${purpose === undefined ? '' : `${purpose} `}${type} ${step}`
}

if (place !== undefined) {
  fs.openSync = (path, flags, mode) => {
    const handle = openSync(path, flags, mode)
    if (/^(?!.*\.audit\.jsonl$).*\.jsonl$/.test(String(path)) && String(flags).startsWith('a')) {
      lines.set(handle, readFileSync(path, 'latin1').split('\n').length - 1)
    }
    return handle
  }
  fs.closeSync = (handle) => {
    lines.delete(handle)
    closeSync(handle)
  }
  fs.writeSync = (handle, bytes, ...rest) => {
    if (!lines.has(handle)) return writeSync(handle, bytes, ...rest)
    const number = lines.get(handle) + 1
    lines.set(handle, number)
    if (!isHere(String(bytes), number)) return writeSync(handle, bytes, ...rest)
    if (when === 'before') die()
    if (when === 'after') {
      writeSync(handle, bytes, ...rest)
      fsyncSync(handle)
      return die()
    }
    writeSync(handle, bytes, 0, Math.floor(bytes.length / 2))
    fsyncSync(handle)
    return die()
  }
  syncBuiltinESMExports()
}
