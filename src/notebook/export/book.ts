import type { TreeNode } from '../../code/index.ts'

/** A statement cannot be part of a runbook, with the reason as a sentence. */
export class LeftOut extends Error {
  override name = 'LeftOut'
  /** Why what it needs was left out itself. */
  readonly because: Note | undefined

  constructor(message: string, because?: Note) {
    super(message)
    this.because = because
  }
}

/** A step that was written; options can be given to it afterwards. */
export interface WrittenStep {
  /** Stands in the code until the options are known. */
  readonly mark: string
  readonly writes: boolean
  readonly cell: number
  /** The name that holds the step's value. */
  readonly holds?: string
  undo: string[]
  /** Constants that were declared after it, which its undo can only have written out. */
  readonly after: Map<string, TreeNode>
}

/** Something that the reader of the runbook has to know. */
export interface Note {
  readonly cell: number
  readonly line: number
  readonly text: string
  /** Places of what was left out with it. */
  readonly with: { readonly cell: number; readonly line: number }[]
}

/** The runbook as it grows. */
export class Book {
  readonly notes: Note[] = []
  /** Sentences about the whole. */
  readonly remarks: string[] = []
  readonly steps: WrittenStep[] = []
  /** Members of `z.object({ … })` by name. */
  readonly params = new Map<string, string>()
  readonly helpers = new Set<'unique' | 'inTurn'>()
  /** What of the runbook's context is used. */
  readonly context = new Set<string>(['auth0', 'step'])
  /** Names of `tenantlab/runbook`. */
  readonly library = new Set<string>(['defineRunbook'])
  /** Names that hold what a write answered. */
  readonly made = new Set<string>()
  usesFormat = false
  readonly #ids = new Set<string>()

  /** An id that no other step has. */
  idFor(name: string): string {
    let id = name
    for (let count = 2; this.#ids.has(id); count += 1) id = `${name} ${count}`
    this.#ids.add(id)
    return id
  }

  /** A parameter for a value that the notebook had from elsewhere; its expression. */
  param(name: string, schema: string): string {
    this.params.set(name, schema)
    this.context.add('params')
    return `params.${name}`
  }

  addStep(step: Omit<WrittenStep, 'mark' | 'undo' | 'after'>): WrittenStep {
    const written = { ...step, mark: `\u0000${this.steps.length}\u0000`, undo: [], after: new Map() }
    this.steps.push(written)
    return written
  }

  /** The code with the options of its steps. */
  withOptions(code: string): string {
    return this.steps.reduce((text, { mark, undo }) => {
      const plans = undo.length > 1 ? `[${undo.join(', ')}]` : undo[0]
      return text.replace(mark, () => (plans === undefined ? '' : `, { undo: ${plans} }`))
    }, code)
  }
}
