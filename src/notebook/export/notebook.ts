import { basename } from 'node:path'
import {
  bare,
  isFunction,
  isNode,
  nodesOf,
  type Reader,
  reader,
  type TreeNode,
  withoutMagic,
} from '../../code/index.ts'
import { type Cell, cellsOf, parseNotebook } from '../document/index.ts'
import { runbookText } from './assemble.ts'
import { Book, LeftOut } from './book.ts'
import { Imports } from './imports.ts'
import type { Known } from './known.ts'
import { namesIn } from './names.ts'
import { rootOf, spoken } from './operation.ts'
import { commentBeside, schemaOf } from './parameters.ts'
import type { Block } from './place.ts'

import { Renderer } from './render.ts'

/**
 * A runbook made of a notebook: its prose as comments, its requests as steps, its literals tagged `parameters` as
 * parameters, what its lab undoes as the steps' undo. What a runbook cannot have stays as a comment, and the head of
 * the file names it.
 *
 * @param notebook text of the `.ipynb` file.
 * @param file its name.
 * @returns TypeScript.
 * @throws ConfigurationError when it is not a notebook; SyntaxError when a cell is not TypeScript.
 */
export async function exportNotebook(notebook: string, file: string): Promise<string> {
  const cells = cellsOf(parseNotebook(notebook, file))
  const read = await reader()
  const exporting = new Exporting(read, file)
  exporting.prepare(cells)
  const parts = cells.map((cell) => (cell.kind === 'prose' ? prose(cell.text) : exporting.cell(cell)))
  return runbookText({ parts, file, read, book: exporting.book, imports: exporting.imports })
}

function prose(text: string): string {
  return text
    .split('\n')
    .map((line) => `// ${line}`.trimEnd())
    .join('\n')
}

/** Names that the runbook itself needs. */
const TAKEN = [
  'auth0',
  'step',
  'params',
  'say',
  'tenant',
  'unique',
  'inTurn',
  'format',
  'z',
  'defineRunbook',
  'waitFor',
]

/** Words of tenantlab/rx that send without run(). */
const PAST: ReadonlySet<string> = new Set(['events', 'observe'])

class Exporting {
  readonly book = new Book()
  readonly imports = new Imports()
  readonly #read: Reader
  readonly #file: string
  readonly #known = new Map<string, Known>()
  readonly #taken = new Set(TAKEN)
  readonly #block: Block = { pending: [] }
  readonly #trees = new Map<Cell, { readonly code: string; readonly body: readonly TreeNode[] }>()
  #hasSession = false

  constructor(read: Reader, file: string) {
    this.#read = read
    this.#file = basename(file)
  }

  /** Reads all cells first: whether a function can be made a generator depends on its calls in later ones. */
  prepare(cells: readonly Cell[]): void {
    for (const cell of cells) {
      if (cell.kind !== 'code' || cell.tags.includes('skip-execution')) continue
      const code = withoutMagic(cell.text)
      try {
        this.#trees.set(cell, { code, body: this.#read(code) })
      } catch (error) {
        const { message } = error as Error
        throw new SyntaxError(`${this.#file}, cell ${cell.number}: ${message}. Correct the cell, and export again.`, {
          cause: error,
        })
      }
    }
  }

  cell(cell: Cell): string {
    const tree = this.#trees.get(cell)
    if (tree === undefined) return prose(cell.text)
    const { code, body } = tree
    let result = ''
    let at = 0
    for (const node of body) {
      const text = this.#unit(node, cell, node === body.at(-1))
      // What was taken out leaves no empty line.
      const gap = code.slice(at, node.start)
      result += text === '' ? gap.trimEnd() : gap + text
      at = node.end
    }
    return (result + code.slice(at)).trim()
  }

  #unit(node: TreeNode, cell: Cell, isLast: boolean): string {
    const { code } = this.#trees.get(cell) as { code: string }
    const line = node.loc.start.line as number
    if (node.type === 'ImportDeclaration') return this.#import(node, code)
    if (this.#opens(node, cell)) return ''
    const params = cell.tags.includes('parameters') ? this.#parameters(node, code) : undefined
    if (params !== undefined) return params
    this.#remarkOn(node, cell)
    const before = this.#snapshot()
    const uses = namesIn(node)
    const resolved = new Map<TreeNode, Known>()
    const meanings = new Map<string, Known>()
    for (const { name, node: place, role } of uses) {
      if (role === 'declare' && !meanings.has(name)) meanings.set(name, this.#declares(name, node))
      const known = meanings.get(name) ?? this.#known.get(name)
      if (known !== undefined) resolved.set(place, known)
    }
    for (const { name, node: place } of uses) {
      const own = meanings.get(name)
      if (own !== undefined) resolved.set(place, own)
    }
    if ([...resolved.values()].some(({ kind }) => kind === 'finish')) return ''
    for (const [name, known] of meanings) this.#known.set(name, known)
    const seed = this.#seedAlias(node, resolved)
    if (seed) return ''
    try {
      return new Renderer(this.book, code, cell.number, resolved).statement(node, this.#block, isLast)
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error
      before()
      const note = error.because ?? { cell: cell.number, line, text: error.message, with: [] }
      if (error.because === undefined) this.book.notes.push(note)
      else note.with.push({ cell: cell.number, line })
      for (const name of meanings.keys()) this.#known.set(name, { kind: 'gone', note })
      return prose(code.slice(node.start, node.end))
    }
  }

  /** Requests that no step sends are not journalled, and nobody sees it in the code. */
  #remarkOn(node: TreeNode, { number }: Cell): void {
    for (const { type, callee } of nodesOf(node)) {
      if (type !== 'CallExpression') continue
      const word = callee.type === 'Identifier' ? callee.name : callee.property?.name
      const root = rootOf(callee)
      const known = root && this.#known.get(root.name)
      const isOfPlan = known?.kind === 'session' || (known?.kind === 'value' && known.plan !== undefined)
      if (callee.type === 'Identifier' && word === 'runRunbook')
        this.#remark(`Cell ${number} runs a runbook itself, whose requests are no steps of this one.`)
      else if (callee.type === 'Identifier' ? PAST.has(word) : isOfPlan && (word === 'events' || word === 'pages'))
        this.#remark(`Cell ${number} reads a plan by ${word}(), whose requests are no steps.`)
    }
  }

  #remark(text: string): void {
    if (!this.book.remarks.includes(text)) this.book.remarks.push(text)
  }

  #import(node: TreeNode, code: string): string {
    for (const { local, name, from } of this.imports.take(node, code)) {
      const own = from === 'tenantlab'
      if (own && (name === 'show' || name === 'watch')) this.#known.set(local, { kind: name })
      else {
        this.#known.delete(local)
        this.#taken.add(local)
      }
    }
    return ''
  }

  /** `lab()`, and the first `connect()`, are the session of the run. */
  #opens(node: TreeNode, { number }: Cell): boolean {
    const [declarator, more] = node.type === 'VariableDeclaration' ? (node.declarations as TreeNode[]) : []
    const init = isNode(declarator?.init) ? bare(declarator.init) : undefined
    const call = init?.type === 'AwaitExpression' ? bare(init.argument) : init
    if (declarator === undefined || more !== undefined || call?.type !== 'CallExpression') return false
    const word = call.callee.name
    const { id } = declarator
    if (word === 'connect' && !this.#hasSession && id.type === 'Identifier') {
      this.#hasSession = true
      this.#known.set(id.name, { kind: 'session', text: 'auth0' })
      return true
    }
    if (word !== 'lab' || id.type !== 'ObjectPattern') return false
    if (this.#hasSession)
      this.book.remarks.push(`Cell ${number} opens another lab; here its requests go to the tenant of the run as well.`)
    this.#hasSession = true
    for (const { key, value } of id.properties as TreeNode[]) {
      const member = key?.name as string
      const kind = member === 'auth0' ? 'session' : member
      if (value?.type !== 'Identifier' || !['session', 'tenant', 'undo', 'finish', 'where'].includes(kind)) return false
      this.#known.set(value.name, (kind === 'session' ? { kind, text: 'auth0' } : { kind }) as Known)
    }
    return true
  }

  #parameters(node: TreeNode, code: string): string | undefined {
    if (node.type !== 'VariableDeclaration') return undefined
    const declared: string[] = []
    const schemas: [string, string][] = []
    for (const { id, init, end } of node.declarations as TreeNode[]) {
      const schema =
        id.type === 'Identifier' && isNode(init)
          ? schemaOf(init, code, commentBeside(code, node.start, end))
          : undefined
      if (schema === undefined) return undefined
      schemas.push([id.name, schema])
    }
    for (const [name, schema] of schemas) {
      this.book.param(name, schema)
      const text = this.#nameFor(name)
      this.#known.set(name, { kind: 'value', text })
      declared.push(text === name ? name : `${name}: ${text}`)
    }
    return `${node.kind} { ${declared.join(', ')} } = params`
  }

  #declares(name: string, statement: TreeNode): Known {
    const text = this.#nameFor(name)
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    const declarator = ((node.declarations ?? []) as TreeNode[]).find(({ id }) => id.name === name)
    const init = isNode(declarator?.init) ? bare(declarator.init) : undefined
    const makes = node.type === 'FunctionDeclaration' ? node : init
    if (makes !== undefined && isFunction(makes) && makes.async && this.#isOnlyAwaited(name) && this.#runsWithin(makes))
      return { kind: 'generator', text }
    const plan = init && (isFunction(init) && !init.async ? bare(init.body) : init)
    const root = plan && rootOf(plan)
    const known = root && this.#known.get(root.name)
    const isCall = plan?.type === 'CallExpression'
    const own =
      isCall && (plan.callee.name === 'connect' || (known?.kind === 'session' && plan.callee.property?.name === 'as'))
    if (own) return { kind: 'value', text, isSession: true }
    const before = known?.kind === 'value' ? known : undefined
    const isPlan = isCall && !runsWithin(plan) && (known?.kind === 'session' || before?.isSession || before?.plan)
    return { kind: 'value', text, ...(isPlan && { plan: spoken(plan, before?.plan) }) }
  }

  /** Whether every use of a function is an awaited call. */
  #isOnlyAwaited(name: string): boolean {
    const bodies = [...this.#trees.values()].flatMap(({ body }) => body)
    const nodes = bodies.flatMap((node) => [...nodesOf(node)])
    const isCall = (node: TreeNode): boolean => {
      const inner = isNode(node.argument) ? bare(node.argument) : undefined
      return node.type === 'AwaitExpression' && inner?.type === 'CallExpression' && inner.callee.name === name
    }
    const refers = bodies.flatMap((node) => namesIn(node)).filter((use) => use.role === 'refer' && use.name === name)
    return refers.length === nodes.filter(isCall).length
  }

  /** `const user = tenant.seed.users[0]`: its members are parameters, where they are used. */
  #seedAlias(node: TreeNode, resolved: ReadonlyMap<TreeNode, Known>): boolean {
    const [declarator, more] = node.type === 'VariableDeclaration' ? (node.declarations as TreeNode[]) : []
    if (declarator?.id.type !== 'Identifier' || more !== undefined || !isNode(declarator.init)) return false
    const path: (string | number)[] = []
    let inner = bare(declarator.init)
    while (inner.type === 'MemberExpression') {
      path.unshift(inner.computed ? inner.property.value : inner.property.name)
      inner = bare(inner.object)
    }
    const isSeed = resolved.get(inner)?.kind === 'tenant' && path[0] === 'seed'
    const isRecord = path.length === 3 && typeof path[2] === 'number'
    if (!isSeed || !(isRecord || (path.length === 2 && !String(path[1]).endsWith('s')))) return false
    this.#known.set(declarator.id.name, { kind: 'seed', path: path.slice(1) })
    return true
  }

  /** Also through a function that has become a generator. */
  #runsWithin(node: TreeNode): boolean {
    return runsWithin(node) || [...nodesOf(node)].some(({ name }) => this.#known.get(name)?.kind === 'generator')
  }

  #nameFor(name: string): string {
    let text = name
    for (let count = 2; this.#taken.has(text); count += 1) text = `${name}${count}`
    this.#taken.add(text)
    return text
  }

  /** What a statement that cannot be kept has left in the book is removed. */
  #snapshot(): () => void {
    const { params, context, helpers, library } = this.book
    const kept = [params, context, helpers, library].map((each) => [...(each as Iterable<unknown>)])
    const { write } = this.#block
    const pending = [...this.#block.pending]
    return () => {
      const [was = [], ...sets] = kept
      params.clear()
      for (const [name, schema] of was as [string, string][]) params.set(name, schema)
      for (const [index, set] of [context, helpers, library].entries()) {
        ;(set as Set<unknown>).clear()
        for (const each of sets[index] ?? []) (set as Set<unknown>).add(each)
      }
      this.#block.pending = pending
      if (write === undefined) delete this.#block.write
      else this.#block.write = write
    }
  }
}

function runsWithin(node: TreeNode): boolean {
  return [...nodesOf(node)].some(
    (each) =>
      (each.type === 'CallExpression' && each.callee.property?.name === 'run') ||
      (each.type === 'ForOfStatement' && each.await),
  )
}
