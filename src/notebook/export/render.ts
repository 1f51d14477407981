import { bare, childrenOf, isNode, nodesOf, type TreeNode } from '../../code/index.ts'
import { type Book, LeftOut } from './book.ts'
import { GeneratorWriter } from './generators.ts'
import type { Known } from './known.ts'
import { bindingsOf } from './names.ts'
import { rootOf } from './operation.ts'
import type { Block, Place } from './place.ts'
import { declaredWithin, isAwaitedStep, isConsole, isRun, LOOPS, ROOMY } from './shapes.ts'
import { type CodeWriter, StepWriter } from './steps.ts'
import { valueOfTenant } from './tenant-value.ts'
import { UndoWriter } from './undo.ts'

/** Ends of lines that no indentation may touch. */
export const KEPT_END = '\u0001'

/** Writes the statements of one cell as those of a runbook. */
export class Renderer {
  readonly #book: Book
  readonly #code: string
  readonly #cell: number
  /** What the names of the statement are, by the places where they stand. */
  readonly #resolved: ReadonlyMap<TreeNode, Known>
  readonly #steps: StepWriter
  readonly #generators: GeneratorWriter
  readonly #undos: UndoWriter
  readonly #written = new Map<TreeNode, string>()

  constructor(book: Book, code: string, cell: number, resolved: ReadonlyMap<TreeNode, Known>) {
    this.#book = book
    this.#code = code
    this.#cell = cell
    this.#resolved = resolved
    const write: CodeWriter = {
      node: (node, place, parent) => this.#render(node, place, parent),
      list: (nodes, place, parent) => this.#list(nodes, place, parent),
      generator: (node, place) => this.#generators.generator(node, place),
    }
    this.#steps = new StepWriter(book, code, cell, resolved, write)
    this.#generators = new GeneratorWriter(book, resolved, this.#steps, write)
    this.#undos = new UndoWriter(cell, this.#written, write.node)
  }

  /**
   * A statement at the outermost level.
   *
   * @param shown whether the notebook shows its value.
   * @throws LeftOut when it cannot be part of a runbook.
   */
  statement(node: TreeNode, block: Block, shown: boolean): string {
    const place: Place = { kind: 'steps', varies: new Set(), block }
    if (node.type === 'ExportNamedDeclaration' && isNode(node.declaration)) return this.#render(node.declaration, place)
    if (shown && node.type === 'ExpressionStatement') return this.#shown(node, place)
    return this.#render(node, place)
  }

  #shown(node: TreeNode, place: Place): string {
    const inner = bare(node.expression)
    const root = rootOf(inner)
    const known = root && this.#resolved.get(root)
    if (known?.kind === 'session' || (known?.kind === 'value' && known.plan && !this.#steps.hasRuns(inner))) {
      // A notebook shows what a plan would send; a runbook has --check for that.
      return ''
    }
    const call = inner.type === 'CallExpression' ? bare(inner.callee) : undefined
    const isValue =
      ['Identifier', 'MemberExpression', 'ConditionalExpression', 'TemplateLiteral', 'BinaryExpression'].includes(
        inner.type,
      ) ||
      (inner.type === 'AwaitExpression' && isRun(inner.argument)) ||
      (call?.type === 'MemberExpression' && /^(map|filter|join|has|slice|flatMap)$/.test(call.property.name ?? ''))
    const text = this.#render(node, place)
    if (!isValue) return text
    return this.#say(text.replace(/;$/, ''))
  }

  #render(node: TreeNode, place: Place, parent?: TreeNode): string {
    const done = this.#written.get(node)
    if (done !== undefined) return done
    switch (node.type) {
      case 'Identifier':
        return this.#identifier(node, place)
      case 'Property':
        return this.#property(node, place)
      case 'MemberExpression':
        return this.#member(node, place) ?? this.#plain(node, place)
      case 'CallExpression':
        return this.#call(node, place)
      case 'AwaitExpression':
        return this.#parenthesized(this.#steps.awaited(node.argument, place), node, parent)
      case 'ExpressionStatement':
        return this.#expressionStatement(node, place, parent)
      case 'VariableDeclaration':
        return this.#declaration(node, place)
      case 'ReturnStatement':
        if (place.kind === 'generator' && isNode(node.argument) && isRun(node.argument))
          return `return ${this.#steps.awaited(node.argument, place)}`
        return this.#plain(node, place)
      case 'FunctionDeclaration':
        return this.#resolved.get(node.id)?.kind === 'generator'
          ? this.#generators.generator(node, place)
          : this.#function(node, place)
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node, place)
      case 'BlockStatement':
        return this.#plain(node, { ...place, block: { pending: [] } })
      case 'TemplateElement':
        return this.#code.slice(node.start, node.end).replaceAll('\n', KEPT_END)
      default:
        return LOOPS.has(node.type) ? this.#loop(node, place) : this.#plain(node, place)
    }
  }

  /** The text of a node with the nodes below it rewritten. */
  #plain(node: TreeNode, place: Place, from = node.start): string {
    let result = ''
    let at = from
    for (const child of childrenOf(node)) {
      if (child.start < at) continue
      result += this.#code.slice(at, child.start) + this.#render(child, place, node)
      at = child.end
    }
    return result + this.#code.slice(at, node.end)
  }

  #identifier(node: TreeNode, place: Place): string {
    const known = this.#resolved.get(node)
    const types = isNode(node.typeAnnotation)
      ? this.#code.slice(node.start + node.name.length, node.typeAnnotation.start) +
        this.#render(node.typeAnnotation, place, node)
      : this.#code.slice(node.start + node.name.length, node.end)
    switch (known?.kind) {
      case undefined:
        return node.name + types
      case 'value':
      case 'session':
        return known.text + types
      case 'generator':
        throw new LeftOut(`"${node.name}" sends requests, and is used otherwise than by await ${node.name}(…).`)
      case 'where':
        this.#book.context.add('tenant')
        return 'tenant'
      case 'seed':
        return valueOfTenant(this.#book, ['seed', ...known.path]).text
      case 'gone':
        throw new LeftOut(`It needs "${node.name}".`, known.note)
      default:
        throw new LeftOut(`A runbook has no "${node.name}".`)
    }
  }

  #property(node: TreeNode, place: Place): string {
    const name = node.value?.type === 'AssignmentPattern' ? node.value.left : node.value
    if (!node.shorthand || !this.#resolved.has(name)) return this.#plain(node, place)
    const value = this.#render(node.value, place, node)
    return value.startsWith(node.key.name) && !/^[\w$]/.test(value.slice(node.key.name.length))
      ? value
      : `${node.key.name}: ${value}`
  }

  /** What stands for a value of the sandbox; nothing for any other chain. */
  #member(node: TreeNode, place: Place): string | undefined {
    const path: (string | number)[] = []
    const ends: number[] = []
    let inner = node
    while (inner.type === 'MemberExpression') {
      const { property, computed } = inner
      if (computed && typeof property.value !== 'number') return undefined
      path.unshift(computed ? property.value : property.name)
      ends.unshift(inner.end)
      inner = bare(inner.object)
    }
    const known = this.#resolved.get(inner)
    if (known?.kind !== 'tenant' && known?.kind !== 'seed') return undefined
    const before = known.kind === 'seed' ? ['seed', ...known.path] : []
    const { text, used } = valueOfTenant(this.#book, [...before, ...path])
    const own = used - before.length
    const end = own <= 0 ? inner.end : (ends[own - 1] ?? node.end)
    if (place.kind === 'plain' && text === '') return undefined
    return text + this.#code.slice(end, node.end)
  }

  #call(node: TreeNode, place: Place): string {
    const callee = bare(node.callee)
    const known = this.#resolved.get(callee)
    if (isConsole(callee) && !this.#resolved.has(callee.object)) {
      const [first] = node.arguments
      const texts = node.arguments.map((each: TreeNode) => this.#render(each, place, node))
      const isText = first?.type === 'TemplateLiteral' || typeof first?.value === 'string'
      return node.arguments.length === 1 && isText ? this.#said(texts[0]) : this.#say(texts.join(', '))
    }
    // How a value is drawn is for displays; a runbook says its text.
    if (known?.kind === 'show') return this.#say(this.#list(node.arguments.slice(0, 1), place, node))
    if (isRun(node)) throw new LeftOut('It runs a plan without await, and the steps of a runbook come in order.')
    return this.#plain(node, place)
  }

  #expressionStatement(node: TreeNode, place: Place, parent: TreeNode | undefined): string {
    const inner = bare(node.expression)
    if (inner.type !== 'CallExpression') return this.#plain(node, place)
    const callee = bare(inner.callee)
    if (this.#resolved.get(callee)?.kind === 'undo') {
      if (LOOPS.has(parent?.type ?? '')) throw new LeftOut('It has no step in its loop that could be undone.')
      this.#undos.take(inner.arguments[0], place)
      return ''
    }
    if (isRun(inner)) return this.#steps.awaited(inner, place)
    const advance = this.#advance(callee)
    if (!advance) return this.#plain(node, place)
    this.#book.library.add('waitFor')
    const ms = this.#list(inner.arguments, place, inner)
    this.#book.addStep({ writes: false, cell: this.#cell })
    return this.#steps.yielding(`step(${this.#steps.idFor('wait', undefined, place)}, waitFor(${ms}))`, place)
  }

  /** `tenant.clock.advance(…)`: time passes in a runbook by itself. */
  #advance(callee: TreeNode): boolean {
    if (callee.type !== 'MemberExpression' || callee.property.name !== 'advance') return false
    const clock = bare(callee.object)
    const isClock = clock.type === 'MemberExpression' && clock.property.name === 'clock'
    return isClock && this.#resolved.get(bare(clock.object))?.kind === 'tenant'
  }

  #declaration(node: TreeNode, place: Place): string {
    let result = ''
    let at = node.start
    for (const each of node.declarations as TreeNode[]) {
      result += this.#code.slice(at, each.start) + this.#declarator(each, place)
      at = each.end
    }
    return result + this.#code.slice(at, node.end)
  }

  #declarator({ start, end, id, init }: TreeNode, place: Place): string {
    const known = this.#resolved.get(id)
    const name = known?.kind === 'generator' ? known.text : this.#render(id, place)
    if (!isNode(init)) return name + this.#code.slice(id.end, end)
    const between = this.#code.slice(id.end, init.start)
    const before = this.#book.steps.length
    const makes = known?.kind === 'generator'
    const value = makes
      ? this.#generators.generator(init, place)
      : this.#render(init, place, { type: 'VariableDeclarator', start, end })
    const step = this.#book.steps[before]
    const { write } = place.block
    const isStep = isAwaitedStep(init) && step !== undefined
    if (isStep && step.writes) for (const each of bindingsOf(id)) this.#book.made.add(each.name)
    if (isStep && id.type === 'Identifier') Object.assign(step, { holds: id.name })
    else if (write !== undefined && id.type === 'Identifier') write.after.set(id.name, init)
    return name + between + value + this.#code.slice(init.end, end)
  }

  #loop(node: TreeNode, place: Place): string {
    const declared = declaredWithin(node)
    const assigned = [...nodesOf(node)].flatMap((each) =>
      each.type === 'UpdateExpression' && each.argument.type === 'Identifier' ? [each.argument.name as string] : [],
    )
    const inner: Place = { ...place, varies: new Set([...place.varies, ...declared, ...assigned, ' loop']) }
    if (node.type !== 'ForOfStatement') return this.#plain(node, inner)
    const left = this.#render(node.left, inner)
    const isPlan = node.await && this.#steps.planOf(node.right) !== undefined
    const list = isPlan ? this.#steps.step(node.right, place, '.all()') : this.#render(node.right, place, node)
    const body = this.#code.slice(node.right.end, node.body.start) + this.#render(node.body, inner, node)
    const head = node.await && !isPlan ? 'for await (' : 'for ('
    return `${head}${left} of ${isPlan ? this.#steps.yielding(list, place) : list}${body}`
  }

  /** A function without steps; one with steps cannot be called by anything but the runbook itself. */
  #function(node: TreeNode, place: Place): string {
    if (this.#steps.hasRuns(node)) {
      throw new LeftOut(
        'It runs plans within a function that others call. Make a loop of it, whose requests can be steps.',
      )
    }
    return this.#plain(node, { ...place, kind: 'plain', block: { pending: [] } })
  }

  #parenthesized(text: string, { start, end }: TreeNode, parent: TreeNode | undefined): string {
    if (!text.startsWith('yield*') || parent === undefined || ROOMY.has(parent.type)) return text
    const isWithin = /\(\s*$/.test(this.#code.slice(0, start)) && /^\s*\)/.test(this.#code.slice(end))
    return isWithin ? text : `(${text})`
  }

  #list(nodes: readonly TreeNode[], place: Place, parent: TreeNode): string {
    const [first, last] = [nodes[0], nodes.at(-1)]
    if (first === undefined || last === undefined) return ''
    let result = ''
    let at = first.start
    for (const each of nodes) {
      result += this.#code.slice(at, each.start) + this.#render(each, place, parent)
      at = each.end
    }
    return result
  }

  #say(values: string): string {
    this.#book.usesFormat = true
    return this.#said(`format(${values})`)
  }

  #said(text: string): string {
    this.#book.context.add('say')
    return `say(${text})`
  }
}
