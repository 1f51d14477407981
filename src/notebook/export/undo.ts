import type { TreeNode } from '../../code/index.ts'
import type { WrittenStep } from './book.ts'
import { namesIn } from './names.ts'
import type { Place } from './place.ts'

/** Gives the undo plans of a cell to the steps that they belong to. */
export class UndoWriter {
  readonly #cell: number
  readonly #written: Map<TreeNode, string>
  readonly #write: (node: TreeNode, place: Place) => string

  /**
   * @param written texts of nodes that are not written as they stand.
   * @param write writes a node.
   */
  constructor(cell: number, written: Map<TreeNode, string>, write: (node: TreeNode, place: Place) => string) {
    this.#cell = cell
    this.#written = written
    this.#write = write
  }

  /** `undo(plan)`: the plan undoes the write before it in its cell, else the next. */
  take(plan: TreeNode | undefined, place: Place): void {
    if (plan === undefined) return
    const { write, pending } = place.block
    const belongs = write !== undefined && write.cell === this.#cell && write.undo.length === 0
    if (belongs) write.undo.push(this.#undoOf(plan, write, place))
    else pending.push(this.#write(plan, { ...place, kind: 'plain' }))
  }

  /** The plan with the step's result, and what was made of it since, written out: it runs before they are declared. */
  #undoOf(plan: TreeNode, { holds, after }: WrittenStep, place: Place): string {
    let usesResult = false
    let isLate = false
    const writeOut = (node: TreeNode): void => {
      for (const use of namesIn({ ...node, type: node.type })) {
        if (use.name === holds) {
          this.#written.set(use.node, 'result')
          usesResult = true
        } else {
          const init = after.get(use.name)
          if (init === undefined) continue
          writeOut(init)
          isLate = true
          this.#written.set(use.node, this.#write(init, { ...place, kind: 'plain' }))
        }
      }
    }
    writeOut(plan)
    const text = this.#write(plan, { ...place, kind: 'plain' })
    return usesResult ? `({ result }) => ${text}` : isLate ? `() => ${text}` : text
  }
}
