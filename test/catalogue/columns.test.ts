import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operationIds, row, rows } from '../../src/catalogue/index.ts'

const src = resolve(import.meta.dirname, '..', '..', 'src')

describe('what is peculiar to an operation is a column of the catalogue', () => {
  it('no room that sends, reads or runs requests names an operation by its id', () => {
    const ids = new Set(operationIds())
    const found: string[] = []
    for (const room of ['wire', 'transport', 'pipeline', 'run', 'tokens', 'plan']) {
      for (const name of readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts')) continue
        const code = readFileSync(join(src, room, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        // A plan that is built, or a row that is asked for, is said by its id; a table or a comparison is not.
        for (const [, text = ''] of code.matchAll(/(?<!\bop: |\brow\()['"`]([\w.]+)['"`]/g)) {
          if (text.includes('.') && ids.has(text)) found.push(`${room}/${name}: ${text}`)
        }
      }
    }
    expect(found).toEqual([])
  })

  it('says how an application names itself, and what an answer becomes', () => {
    expect(row('authentication.token')).toMatchObject({ clientFields: 'credential', answerAs: 'tokens' })
    expect(row('authentication.device')?.clientFields).toBe('id')
    expect(row('authentication.mfa.associate')?.clientFields).toBe('if-any')
    expect(row('authentication.userInfo')?.clientFields).toBe('none')
    expect(row('users.create')?.unique).toEqual(['user_id', 'email', 'username', 'phone_number'])
    expect(row('jobs.errors.get')?.answerAs).toBe('job-errors')
    expect(rows().filter(({ api, clientFields }) => api === 'management' && clientFields !== 'none')).toEqual([])
  })
})
