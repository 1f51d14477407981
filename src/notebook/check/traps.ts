import type { Node, Syntax } from './syntax.ts'

/** A cell that tslab as it comes would refuse or misread. */
export interface Trap {
  /** Index among the given cells. */
  readonly cell: number
  readonly rule: string
}

/**
 * Finds what tslab 1.0.22 as it comes gets wrong: it rewrites cells by their syntax, and looks for a top-level await by
 * a heuristic of its own. The kernel profile takes all of it.
 *
 * @param sources The code cells of one notebook, in order.
 */
export function trapsIn(sources: readonly string[], syntax: Syntax): readonly Trap[] {
  const earlier = new Set<string>()
  return sources.flatMap((source, cell) => {
    const file = syntax.createSourceFile(`cell-${cell}.ts`, source, syntax.ScriptTarget.ES2022, true)
    const reader = new CellReader(syntax, file, earlier)
    const found = reader.traps()
    for (const name of reader.declared()) earlier.add(name)
    return found.map((rule) => ({ cell, rule }))
  })
}

/** What the compiler cannot read in a cell, as sentences with the line. */
export function faultsIn(source: string, syntax: Syntax): readonly string[] {
  // The export makes it a module, in which `await` is a word of the language.
  const code = `export {};${source}`
  const [first] = syntax.createSourceFile('cell.ts', code, syntax.ScriptTarget.ES2022, true).parseDiagnostics ?? []
  if (first === undefined) return []
  const line = code.slice(0, first.start).split('\n').length
  const text = typeof first.messageText === 'string' ? first.messageText : first.messageText.messageText
  return [`Line ${line} cannot be read: ${text.replace(/\.?$/, '.')} Correct it.`]
}

class CellReader {
  readonly #syntax: Syntax
  readonly #file: Node
  readonly #earlier: ReadonlySet<string>
  readonly #found = new Set<string>()
  readonly #awaits: readonly string[]

  constructor(syntax: Syntax, file: Node, earlier: ReadonlySet<string>) {
    this.#syntax = syntax
    this.#file = file
    this.#earlier = earlier
    this.#awaits = this.#operandsOfAwait()
  }

  traps(): readonly string[] {
    for (const statement of this.#file.statements ?? []) this.#statement(statement)
    this.#visit(this.#file)
    if (this.#awaits.some((operand) => /^[([]/.test(operand))) {
      this.#found.add('An await before a bracket is read as a call; give the value a name first.')
    }
    return [...this.#found]
  }

  declared(block: Node = this.#file): readonly string[] {
    return (block.statements ?? []).flatMap((statement) => {
      if (statement.declarationList !== undefined) {
        return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name))
      }
      const clause = statement.importClause
      if (clause !== undefined) {
        const bindings = clause.namedBindings
        return [
          ...namesIn(clause.name),
          ...namesIn(bindings?.name),
          ...(bindings?.elements ?? []).flatMap(({ name }) => namesIn(name)),
        ]
      }
      return this.#is(statement, 'FunctionDeclaration', 'ClassDeclaration') ? namesIn(statement.name) : []
    })
  }

  #statement(statement: Node): void {
    const exported = statement.modifiers?.some((modifier) => this.#is(modifier, 'ExportKeyword')) ?? false
    if (exported || this.#is(statement, 'ExportDeclaration', 'ExportAssignment')) {
      this.#found.add('An export conflicts with what tslab appends to the cell; leave it out.')
    }
  }

  #visit(node: Node): void {
    if (node.awaitModifier !== undefined && this.#awaits.length === 0 && isTopLevel(node)) {
      this.#found.add('A for await needs another plain await in the cell; collect with .all() or .take() instead.')
    }
    if (this.#is(node, 'ShorthandPropertyAssignment')) {
      const name = node.name?.text ?? ''
      if (this.#earlier.has(name) && !this.#isShadowed(node, name)) {
        this.#found.add(`The shorthand { ${name} } of an earlier cell's name is not known; write { ${name}: ${name} }.`)
      }
    }
    if (
      this.#is(node, 'BinaryExpression') &&
      node.left !== undefined &&
      this.#is(node.left, 'ObjectLiteralExpression')
    ) {
      this.#found.add('A destructuring assignment to an earlier name does nothing; assign to it by name.')
    }
    if (this.#is(node, 'MetaProperty') && node.getText(this.#file) === 'import.meta') {
      this.#found.add('import.meta is a syntax error; use process.cwd().')
    }
    if (this.#is(node, 'IfStatement')) this.#condition(node)
    this.#syntax.forEachChild(node, (child) => this.#visit(child))
  }

  /** Without strict checking a boolean does not tell the members of a union apart. */
  #condition(node: Node): void {
    const condition = node.expression
    const member =
      condition !== undefined && this.#is(condition, 'PrefixUnaryExpression') ? condition.operand : condition
    if (member === undefined || !this.#is(member, 'PropertyAccessExpression')) return
    const name = member.name?.text ?? ''
    const subject = member.expression?.getText(this.#file) ?? ''
    if (name !== 'ok' && name !== 'success') return
    const text = node.getText(this.#file)
    if (['error', 'value', 'data', 'reason'].some((other) => text.includes(`${subject}.${other}`))) {
      this.#found.add(
        `A boolean such as ${subject}.${name} does not narrow a union; compare it: ${subject}.${name} === true.`,
      )
    }
  }

  /** What stands behind each `await` outside of functions. */
  #operandsOfAwait(): readonly string[] {
    const operands: string[] = []
    const visit = (node: Node): void => {
      const behind = node.expression?.getText(this.#file) ?? ''
      if (this.#is(node, 'AwaitExpression')) operands.push(behind)
      // Outside of modules the parser takes `await` for a name: a call or an element of it.
      if (behind === 'await' && this.#is(node, 'CallExpression')) operands.push('(')
      if (behind === 'await' && this.#is(node, 'ElementAccessExpression')) operands.push('[')
      if (node.parameters === undefined) this.#syntax.forEachChild(node, visit)
    }
    this.#syntax.forEachChild(this.#file, visit)
    return operands
  }

  /** True when a function around the node, or the cell itself, declares the name anew. */
  #isShadowed(node: Node, name: string): boolean {
    for (let at = node.parent; at !== undefined; at = at.parent) {
      if (at.parameters?.some((parameter) => namesIn(parameter.name).includes(name))) return true
      if (at.statements !== undefined && this.declared(at).includes(name)) return true
    }
    return false
  }

  #is(node: Node, ...kinds: readonly string[]): boolean {
    return kinds.some((kind) => node.kind === this.#syntax.SyntaxKind[kind])
  }
}

function isTopLevel(node: Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) if (at.parameters !== undefined) return false
  return true
}

function namesIn(name: Node | undefined): readonly string[] {
  if (name === undefined) return []
  return name.elements === undefined ? [name.text ?? ''] : name.elements.flatMap((element) => namesIn(element.name))
}
