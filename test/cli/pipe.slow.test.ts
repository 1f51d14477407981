import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const command = join(import.meta.dirname, '..', '..', 'dist', 'cli.js')

describe('a pipe that is closed early', () => {
  it('ends the command in silence', () => {
    const line = `"${process.execPath}" "${command}" tour --list | head -1; exit "\${PIPESTATUS[0]}"`
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^authentication-client /)
  })
})
