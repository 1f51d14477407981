import { describe, expect, it } from 'vitest'
import { checkNotebook, readNotebook, runNotebook, textOf, tslabSyntax } from '../../src/notebook/index.ts'
import { canaries, stored } from '../notebooks/stored.ts'

describe('the notebooks of the repository with the kernel profile', () => {
  it.each(stored)('$name compiles strictly and runs to its end', async ({ path }) => {
    const { failed } = await runNotebook(readNotebook(path), { path })
    expect(failed?.outputs.map((output) => textOf(output.text)).join('')).toBeUndefined()
  })

  it.each(stored)('$name has nothing that the check fails for', ({ path }) => {
    const findings = checkNotebook(readNotebook(path), { canaries: Object.values(canaries), syntax: tslabSyntax() })
    expect(findings.filter(({ fails }) => fails)).toEqual([])
  })
})
