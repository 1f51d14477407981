import { lineOfFault, prepare } from '../../code/index.ts'
import { type Notebook, tagsOf, textOf } from '../document/index.ts'
import type { Finding } from './check.ts'

/** What the compilers of kernels take and the preparer of typed code does not: decorators and accessors. */
const KERNELS_ALONE = /(^|\s)@\w|\baccessor\b/

/**
 * Cells that cannot run, as the preparer of typed code reads them: a compiler that only parses takes a `return` outside of
 * functions, an assignment to a number or a pattern that is none.
 *
 * @param found Findings so far; a cell that has a syntax fault among them is told once.
 */
export async function faultsOfCells(notebook: Notebook, found: readonly Finding[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [index, cell] of notebook.cells.entries()) {
    const number = index + 1
    if (cell.cell_type !== 'code' || tagsOf(cell).includes('skip-execution')) continue
    if (found.some((each) => each.cell === number && each.kind === 'syntax')) continue
    const source = textOf(cell.source)
    try {
      await prepare(source)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      if (KERNELS_ALONE.test(source)) continue
      const message = `Line ${lineOfFault(error) ?? 1} cannot be read: ${error.message.replace(/\.?$/, '.')} Correct it.`
      findings.push({ cell: number, kind: 'syntax', message, fails: true })
    }
  }
  return findings
}
