import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { fileJournal } from '../../../src/runbook/index.ts'

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((later) => setTimeout(later, 10))
}

it.skipIf(!existsSync('/proc/self/stat'))(
  'takes over the lock of a process that has ended, and whose parent never asks for its end',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lock-'))
    const path = join(folder, 'run.jsonl')
    // The shell becomes a program that knows nothing of its child, and the child ends with its input after that.
    const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 600 3<&-'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    })
    try {
      const pid = Number(await new Promise((told) => parent.stdout?.once('data', told)))
      await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n')
      ;(parent.stdio[3] as Writable).end()
      await until(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] === 'Z')
      expect(() => process.kill(pid, 0)).not.toThrow()
      writeFileSync(`${path}.lock`, JSON.stringify({ pid, host: hostname() }))
      fileJournal(path).close()
      expect(existsSync(`${path}.lock`)).toBe(false)
    } finally {
      parent.kill()
      rmSync(folder, { recursive: true })
    }
  },
)
