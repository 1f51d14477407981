import { describe, expect, it } from 'vitest'
import { CONSOLE_WORDS } from '../../src/cli/commands/console-words.ts'
import * as main from '../../src/index.ts'
import { IMPORTED } from '../../src/repl/saved-script.ts'
import * as runbook from '../../src/runbook.ts'

describe('R44: the words that the console has without an import', () => {
  it('are all that a notebook imports', () => {
    // The console's own connect() starts sessions with a production tenant without writes.
    const { connect, ...words } = { ...main, ...runbook }
    expect(connect).toBeTypeOf('function')
    expect(CONSOLE_WORDS).toEqual(words)
  })

  it('are imported by a script that .save writes, from the entry that has them', () => {
    const sorted = (names: Iterable<string>) => [...names].sort()
    const own = Object.keys(runbook)
    expect(sorted(IMPORTED.tenantlab ?? [])).toEqual(sorted(Object.keys(main)))
    expect(sorted(IMPORTED['tenantlab/runbook'] ?? [])).toEqual(sorted(own.filter((name) => !(name in main))))
  })
})
