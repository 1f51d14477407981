import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { didYouMean, meantClause, meantSentence } from '../../src/catalogue/index.ts'

const src = resolve(import.meta.dirname, '..', '..', 'src')

describe('did you mean', () => {
  it('is written in one place', () => {
    const writers = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
      .filter((name) =>
        /[Dd]id you mean \S/.test(readFileSync(join(src, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')),
      )
    expect(writers).toEqual([join('catalogue', 'nearest.ts')])
  })

  it.each([
    ['qouta', ['quota', 'limits'], 'Did you mean "quota"?'],
    ['per_Day', ['perDay'], 'Did you mean "perDay"?'],
    ['something else', ['quota'], 'There is none.'],
  ])('names the nearest of %s', (name, candidates, text) => {
    expect(didYouMean(name, candidates, 'There is none.')).toBe(text)
  })

  it('says it of a name that was found before, as a sentence and as a clause', () => {
    expect(meantSentence('users', '', (near) => `--${near}`)).toBe('Did you mean --users?')
    expect(meantSentence(undefined, 'See help.')).toBe('See help.')
    expect(meantClause('email')).toBe(' (did you mean email?)')
    expect(meantClause(undefined)).toBe('')
  })
})
