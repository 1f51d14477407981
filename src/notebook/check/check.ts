import { type Notebook, tagsOf, textOf } from '../document/index.ts'
import { secretsIn } from './stored-secrets.ts'
import type { Syntax } from './syntax.ts'
import { trapsIn } from './traps.ts'

/** Something in a notebook that should not be there. */
export interface Finding {
  /** Number of the cell, 1 for the first. */
  readonly cell: number
  readonly kind: 'secret' | 'trap' | 'literal'
  /** Whole sentences; never a secret value. */
  readonly message: string
  /** False for what is only worth a look. */
  readonly fails: boolean
}

/** Options of `checkNotebook()`. */
export interface CheckOptions {
  /** Values that no output and no source may hold. */
  readonly canaries?: readonly string[]
  /** The compiler to read cells with; without it traps are not looked for. */
  readonly syntax?: Syntax
}

const LITERAL =
  /\b(clientSecret|client_secret|password|token|secret|mfaToken|refreshToken)\s*:\s*(['"`])(?!\s*\2)(?!\$\{)[^'"`]{4,}\2/

/**
 * Looks for stored outputs that give a secret away, for secrets written into cells, and for what tslab as it comes would
 * misread.
 */
export function checkNotebook(notebook: Notebook, { canaries = [], syntax }: CheckOptions = {}): readonly Finding[] {
  const findings: Finding[] = []
  const code = notebook.cells.flatMap((cell, index) => (cell.cell_type === 'code' ? [{ cell, index }] : []))
  for (const { cell, index } of code) {
    const found = new Set((cell.outputs ?? []).flatMap((output) => secretsIn(output, canaries)))
    for (const what of found) {
      const message = `Its stored output holds ${what}. Clean it: tenantlab notebooks clean.`
      findings.push({ cell: index + 1, kind: 'secret', message, fails: true })
    }
    findings.push(...literalsIn(textOf(cell.source), index + 1, canaries))
  }
  if (syntax !== undefined) {
    const sources = code.filter(({ cell }) => !tagsOf(cell).includes('skip-execution'))
    const traps = trapsIn(
      sources.map(({ cell }) => textOf(cell.source)),
      syntax,
    )
    for (const { cell, rule } of traps) {
      findings.push({ cell: (sources[cell]?.index ?? 0) + 1, kind: 'trap', message: rule, fails: true })
    }
  }
  return findings.sort((a, b) => a.cell - b.cell)
}

function literalsIn(source: string, cell: number, canaries: readonly string[]): Finding[] {
  if (canaries.some((canary) => canary !== '' && source.includes(canary))) {
    const message = "It has a secret in its source. Write await secret('NAME') in its place."
    return [{ cell, kind: 'literal', message, fails: true }]
  }
  const name = LITERAL.exec(source)?.[1]
  if (name === undefined) return []
  const message = `"${name}" stands in it as text. If it is a real one, write await secret('NAME') in its place.`
  return [{ cell, kind: 'literal', message, fails: false }]
}
