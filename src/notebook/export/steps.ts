import { bare, isFunction, isNode, nodesOf, type TreeNode } from '../../code/index.ts'
import { type Book, LeftOut } from './book.ts'
import type { Known } from './known.ts'
import { rootOf, type Spoken, spoken } from './operation.ts'
import type { Place } from './place.ts'
import { isPromiseAll, isRun, quoted } from './shapes.ts'

/** What writes the code around and within steps. */
export interface CodeWriter {
  node(node: TreeNode, place: Place, parent?: TreeNode): string
  list(nodes: readonly TreeNode[], place: Place, parent: TreeNode): string
  generator(node: TreeNode, place: Place): string
}

/** Writes the requests of one cell as steps. */
export class StepWriter {
  readonly #book: Book
  readonly #code: string
  readonly #cell: number
  readonly #resolved: ReadonlyMap<TreeNode, Known>
  readonly #write: CodeWriter

  constructor(book: Book, code: string, cell: number, resolved: ReadonlyMap<TreeNode, Known>, write: CodeWriter) {
    this.#book = book
    this.#code = code
    this.#cell = cell
    this.#resolved = resolved
    this.#write = write
  }

  awaited(argument: TreeNode, place: Place): string {
    const inner = bare(argument)
    if (inner.type === 'CallExpression') {
      const callee = bare(inner.callee)
      const known = this.#resolved.get(callee)
      if (isRun(inner)) {
        const isOutcome = callee.property.name === 'outcome'
        const run = isOutcome ? bare(callee.object) : inner
        return this.yielding(`${this.#runStep(run, place)}${isOutcome ? '.outcome()' : ''}`, place)
      }
      if (known?.kind === 'watch' && inner.arguments.length > 0)
        return this.yielding(this.step(inner.arguments[0], place), place)
      if (known?.kind === 'generator')
        return this.yielding(`${known.text}(${this.#write.list(inner.arguments, place, inner)})`, place)
      if (isPromiseAll(callee) && this.hasRuns(inner)) return this.#all(bare(inner.arguments[0]), place)
    }
    return `await ${this.#write.node(argument, place, { ...argument, type: 'AwaitExpression' })}`
  }

  /** What would run at once comes one after the other: the steps of a runbook have an order. */
  #all(list: TreeNode, place: Place): string {
    if (list.type === 'ArrayExpression')
      return `[${list.elements.map((each: TreeNode) => (isRun(each) ? this.awaited(each, place) : this.#write.node(each, place, list))).join(', ')}]`
    const callee = list.type === 'CallExpression' ? bare(list.callee) : undefined
    const work = list.type === 'CallExpression' ? list.arguments[0] : undefined
    if (callee?.type !== 'MemberExpression' || callee.property.name !== 'map' || !isNode(work) || !isFunction(work))
      throw new LeftOut('It runs several plans at once. Write a loop, whose requests come one after the other.')
    this.#book.helpers.add('inTurn')
    this.#book.library.add('type StepRequest')
    const items = this.#write.node(callee.object, place, callee)
    return this.yielding(`inTurn(${items}, ${this.#write.generator(work, place)})`, place)
  }

  #runStep(run: TreeNode, place: Place): string {
    const callee = bare(run.callee)
    const of = this.#resolved.get(bare(callee.object))
    const isOfSession = of?.kind === 'session' || (of?.kind === 'value' && of.isSession === true)
    if (!isOfSession) return this.step(callee.object, place)
    const given = isNode(run.arguments[0]) ? bare(run.arguments[0]) : undefined
    const isText = given?.type === 'CallExpression' && this.#code.startsWith('JSON.stringify', given.start)
    const plan = isText ? given.arguments[0] : given
    if (plan === undefined || this.planOf(plan) === undefined)
      throw new LeftOut('It runs the JSON of a plan. Keep such a plan in a plan file, which tenantlab apply runs.')
    return this.step(plan, place)
  }

  step(plan: TreeNode, place: Place, ending = ''): string {
    const about = this.planOf(plan) ?? spoken(plan)
    const id = this.idFor(about.name, about.key, place)
    const text = this.#write.node(plan, place)
    const step = this.#book.addStep({ writes: about.writes, cell: this.#cell })
    if (about.writes) {
      place.block.write = step
      step.undo.push(...place.block.pending.splice(0))
    }
    return `step(${id}, ${text}${ending}${step.mark})`
  }

  /** An id: a text where the step comes once, else one with the key that differs, or with a number. */
  idFor(name: string, key: TreeNode | undefined, { kind, varies }: Place): string {
    const id = this.#book.idFor(name)
    if (kind === 'steps' && varies.size === 0) return quoted(id)
    const names = key === undefined ? [] : [...nodesOf(key)].filter((each) => each.type === 'Identifier')
    // A check makes nothing, so it has no such value to name a step by.
    const isMade = names.some((each) => this.#book.made.has(each.name))
    const told = key === undefined || isMade ? undefined : this.#keyText(key)
    const differs = names.some((each) => varies.has(each.name))
    const text = told === undefined ? quoted(id) : `\`${id} \${${told}}\``
    if (kind === 'steps' && told !== undefined && differs) return text
    this.#book.helpers.add('unique')
    return `unique(${text})`
  }

  #keyText(key: TreeNode): string | undefined {
    const inner = bare(key)
    const isString = inner.type === 'CallExpression' && inner.callee.name === 'String' && inner.arguments.length === 1
    const text = this.#write.node(bare(isString ? inner.arguments[0] : inner), {
      kind: 'plain',
      varies: new Set(),
      block: { pending: [] },
    })
    return /[`\n]/.test(text) || /^['"\d]/.test(text) ? undefined : text
  }

  /** What is known of a plan by the words that it begins with; nothing for anything else. */
  planOf(node: TreeNode): Spoken | undefined {
    const root = rootOf(node)
    const known = root && this.#resolved.get(root)
    const isSession = known?.kind === 'session' || (known?.kind === 'value' && known.isSession === true)
    if (isSession) return bare(node) === root ? undefined : spoken(node)
    return known?.kind === 'value' && known.plan !== undefined ? spoken(node, known.plan) : undefined
  }

  yielding(text: string, { kind }: Place): string {
    if (kind !== 'plain') return `yield* ${text}`
    throw new LeftOut(
      'It runs plans within a function that others call. Make a loop of it, whose requests can be steps.',
    )
  }

  hasRuns(node: TreeNode): boolean {
    return [...nodesOf(node)].some(
      (each) =>
        isRun(each) ||
        this.#resolved.get(each)?.kind === 'generator' ||
        (each.type === 'ForOfStatement' && each.await && this.planOf(each.right) !== undefined),
    )
  }
}
