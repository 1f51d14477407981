import { isSecretName } from '../../plan/index.ts'
import { type Notebook, tagsOf, textOf } from '../document/index.ts'
import { secretsIn, secretsWritten, withoutSecrets } from './stored-secrets.ts'
import type { Syntax } from './syntax.ts'
import { faultsIn, trapsIn } from './traps.ts'

/** Something in a notebook that should not be there. */
export interface Finding {
  /** Number of the cell, 1 for the first; 0 for the notebook itself. */
  readonly cell: number
  readonly kind: 'secret' | 'trap' | 'literal' | 'syntax'
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

const LITERAL = /(['"`]?)\b([\w-]{2,60})\1\]?\s*(?::|=(?!=))\s*(['"`])(?!\s)(?!\3)(?!\$\{)[^'"`]{4,}\3/g

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
  findings.push(...written(notebook, canaries))
  if (syntax !== undefined) {
    const sources = code.filter(({ cell }) => !tagsOf(cell).includes('skip-execution'))
    const texts = sources.map(({ cell }) => textOf(cell.source))
    for (const [at, text] of texts.entries()) {
      for (const message of faultsIn(text, syntax))
        findings.push({ cell: (sources[at]?.index ?? 0) + 1, kind: 'syntax', message, fails: true })
    }
    const traps = isStock(notebook) ? trapsIn(texts, syntax) : []
    for (const { cell, rule } of traps) {
      findings.push({ cell: (sources[cell]?.index ?? 0) + 1, kind: 'trap', message: rule, fails: true })
    }
  }
  return findings.sort((a, b) => a.cell - b.cell)
}

/** True where the notebook runs in tslab as it comes: the kernel profile takes what that trips over. */
function isStock({ metadata }: Notebook): boolean {
  const { name } = (metadata.kernelspec ?? {}) as { readonly name?: unknown }
  return name === undefined || name === 'tslab'
}

/** What hangs on a cell as text; pictures are none. */
function attached(cell: object): string {
  const { attachments = {} } = cell as { readonly attachments?: Readonly<Record<string, object>> }
  const texts = Object.values(attachments).flatMap((bundle) =>
    Object.entries(bundle).filter(([type]) => !/^(image|audio|video)\//.test(type)),
  )
  return texts.length === 0 ? '' : JSON.stringify(texts)
}

/** Secrets that somebody wrote into code, prose or metadata. */
function written({ cells, metadata }: Notebook, canaries: readonly string[]): Finding[] {
  const places = [
    { cell: 0, where: 'metadata', text: JSON.stringify(metadata) },
    ...cells.flatMap((cell, index) => [
      { cell: index + 1, where: cell.cell_type === 'code' ? 'source' : 'text', text: textOf(cell.source) },
      { cell: index + 1, where: 'metadata', text: JSON.stringify(cell.metadata) },
      { cell: index + 1, where: 'attachment', text: attached(cell) },
    ]),
  ]
  return places.flatMap(({ cell, where, text }) =>
    // What a canary finds in code is told with the literals.
    [...new Set(secretsWritten(text, where === 'source' ? [] : canaries, where === 'source'))].map((what) => ({
      cell,
      kind: 'secret' as const,
      message: `Its ${where} holds ${what}. Take it out${where === 'source' ? " and write await secret('NAME') in its place" : ''}.`,
      fails: true,
    })),
  )
}

/** The notebook with a mark in place of each secret in its outputs; an output that cannot be cut is left out. */
export function withoutStoredSecrets(notebook: Notebook, canaries: readonly string[] = []): Notebook {
  const cells = notebook.cells.map((cell) => {
    const { outputs = [] } = cell
    const safe = outputs.flatMap((output) => withoutSecrets(output, canaries) ?? [])
    return safe.length === outputs.length && safe.every((output, at) => output === outputs[at])
      ? cell
      : { ...cell, outputs: safe }
  })
  return { ...notebook, cells }
}

function literalsIn(source: string, cell: number, canaries: readonly string[]): Finding[] {
  if (canaries.some((canary) => canary !== '' && source.includes(canary))) {
    const message = "It has a secret in its source. Write await secret('NAME') in its place."
    return [{ cell, kind: 'literal', message, fails: true }]
  }
  if (secretsWritten(source).length > 0) return []
  const named = [...source.matchAll(LITERAL)].map(([, , name = '']) => name)
  const name = named.find((each) => each !== 'code' && isSecretName(each))
  if (name === undefined) return []
  const message = `"${name}" stands in it as text. If it is a real one, write await secret('NAME') in its place.`
  return [{ cell, kind: 'literal', message, fails: false }]
}
