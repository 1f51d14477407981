import type { ModuleDeclaration, Pattern, Program, Statement, VariableDeclaration } from 'acorn'
import type MagicString from 'magic-string'
import { childrenOf, isFunction, nodesOf, type TreeNode } from './tree.ts'

/**
 * TypeScript that was typed, ready to run: the body of a function whose outermost names live in a scope that lasts.
 * Each line stays on its line.
 */
export interface Prepared {
  readonly body: string
  /** Names that it makes. */
  readonly names: readonly string[]
  /** Names that it assigns to and does not make itself. */
  readonly assigned: readonly string[]
  /** True where it waits outside of functions, or imports. */
  readonly waits: boolean
  /** True where it has a loop outside of functions, which may not pause. */
  readonly loops: boolean
  /** The source map of `body`, as JSON. */
  map(): string
}

type Top = Statement | ModuleDeclaration

/** The code without the lines that are for a kernel alone; its lines keep their numbers. */
export function withoutMagic(code: string): string {
  return code.replace(/^%.*$/gm, '')
}

/**
 * Makes a statement of the console, a cell or a script ready to run: types are taken out, imports are awaited first, and
 * outermost declarations become assignments, so that later code sees the names and may declare them anew.
 *
 * @param source TypeScript.
 * @param name what source maps call it.
 * @throws SyntaxError with `loc` and `pos` where it does not parse.
 */
export async function prepare(source: string, name = 'code.ts'): Promise<Prepared> {
  const [{ parse }, { transform }, { default: Magic }] = await Promise.all([
    import('acorn'),
    import('sucrase'),
    import('magic-string'),
  ])
  const read = (text: string): [MagicString, Program, object | undefined] => {
    const { code, sourceMap } = transform(text, {
      transforms: ['typescript'],
      disableESTransforms: true,
      preserveDynamicImport: true,
      keepUnusedImports: true,
      filePath: name,
      sourceMapOptions: { compiledFilename: name },
    })
    const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true })
    return [new Magic(code), tree, sourceMap]
  }
  const [code, tree, types] = readOrExplain(() => read(withoutMagic(source)), name)
  const rewriting = new Rewriting(code)
  rewriting.rewrite(tree)
  const { remapped } = await import('./source-map.ts')
  return {
    body: code.toString(),
    names: [...rewriting.names],
    assigned: [...rewriting.assigned],
    waits: rewriting.waits,
    loops: rewriting.loops,
    map: () => remapped(code.generateMap({ hires: true, source: name }), types, source),
  }
}

/** The code of an object that was typed alone: not a block with labels. */
export function asObject(source: string): string | undefined {
  return /^\s*\{/.test(source) && !/;\s*$/.test(source) ? `(${source.trimEnd()}\n)` : undefined
}

function readOrExplain<T>(read: () => T, name: string): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof Error) || !('loc' in cause)) throw cause
    // Both parsers end their messages with the place, and one begins them with the file.
    const message = cause.message.replace(`Error transforming ${name}: `, '').replace(/ \(\d+:\d+\)$/, '')
    const { loc, pos } = cause as { loc?: unknown; pos?: unknown }
    throw Object.assign(new SyntaxError(message, { cause }), { loc, pos })
  }
}

/** Where a parser found the fault: line of the code, from 1. */
export function lineOfFault(error: unknown): number | undefined {
  const { loc } = (error ?? {}) as { loc?: { line?: unknown } }
  return typeof loc?.line === 'number' ? loc.line : undefined
}

/** True where the parser came to the end and wanted more. */
export function wantsMore(error: unknown, source: string): boolean {
  const { pos } = (error ?? {}) as { pos?: unknown }
  return typeof pos === 'number' && pos >= source.trimEnd().length
}

class Rewriting {
  readonly names = new Set<string>()
  readonly assigned = new Set<string>()
  waits = false
  loops = false
  readonly #code: MagicString
  /** What runs before the code's own statements. */
  readonly #first: string[] = []

  constructor(code: MagicString) {
    this.#code = code
  }

  rewrite(tree: Program): void {
    for (const node of tree.body) this.#statement(node, node === tree.body.at(-1))
    for (const node of outermost(tree as unknown as TreeNode)) this.#inner(node)
    // import.meta belongs to modules only.
    for (const node of nodesOf(tree as unknown as TreeNode)) {
      if (node.type === 'MetaProperty' && node.meta.name === 'import') this.#code.update(node.start, node.end, '$meta')
    }
    if (this.#first.length > 0) this.#code.prepend(this.#first.join(''))
  }

  #statement(node: Top, isLast: boolean): void {
    const code = this.#code
    switch (node.type) {
      case 'ImportDeclaration':
        return this.#import(node)
      case 'VariableDeclaration':
        return this.#declaration(node)
      case 'FunctionDeclaration':
        this.names.add(node.id.name)
        // The function itself is hoisted, and so is its name for other code.
        this.#first.push(`$names.${node.id.name} = ${node.id.name};`)
        return
      case 'ClassDeclaration':
        this.names.add(node.id.name)
        code.appendLeft(node.start, `;${node.id.name} = `).appendLeft(node.end, ';')
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) {
          code.remove(node.start, node.declaration.start)
          this.#statement(node.declaration, false)
        } else this.#blank(node)
        return
      case 'ExportDefaultDeclaration':
        code.update(node.start, node.start + keywordsOf(code.original.slice(node.start, node.end)), ';(')
        this.#close(node.declaration.end, node.end, ');')
        return
      default:
        if (isLast) this.#answer(node as Statement, ';')
    }
  }

  /** Hands on the value of the expression that runs last, boxed, so that what can be awaited is not awaited here. */
  #answer(node: Statement, before = ''): void {
    switch (node.type) {
      case 'ExpressionStatement':
        // Any other text that stands alone is a value.
        if (node.directive === 'use strict') return
        this.#code.appendLeft(node.start, `${before}return { value: (`)
        return this.#close(node.expression.end, node.end, ') };')
      case 'IfStatement':
        this.#answer(node.consequent)
        if (node.alternate) this.#answer(node.alternate)
        return
      case 'BlockStatement': {
        const last = node.body.at(-1)
        if (last !== undefined) this.#answer(last)
        return
      }
      case 'TryStatement':
        this.#answer(node.block)
        if (node.handler) this.#answer(node.handler.body)
    }
  }

  /** What stands deeper, functions left out. */
  #inner(node: TreeNode): void {
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) this.waits = true
    if (/^(For(In|Of)?|While|DoWhile)Statement$/.test(node.type)) this.loops = true
    if (node.type === 'AssignmentExpression') for (const name of namesOf(node.left)) this.assigned.add(name)
    for (const child of childrenOf(node)) {
      if (child.type !== 'VariableDeclaration' || child.kind !== 'var' || node.type === 'Program') continue
      // A `var` of a block belongs to the whole code.
      if (/^Export/.test(node.type)) continue
      const isHead = /^For/.test(node.type) && child !== node.body
      this.#declaration(child as unknown as VariableDeclaration, isHead)
    }
  }

  #declaration(node: VariableDeclaration, isHead = false): void {
    const [head] = node.declarations
    if (head === undefined || node.kind === 'using' || node.kind === 'await using') return
    const code = this.#code
    if (isHead) code.remove(node.start, head.start)
    else code.update(node.start, head.start, ';(')
    for (const { id, init } of node.declarations) {
      for (const name of namesOf(id)) this.names.add(name)
      if (!init && !isHead) code.appendLeft(id.end, ' = undefined')
    }
    const end = node.declarations.at(-1)?.end ?? node.end
    if (!isHead) this.#close(end, node.end, ');')
  }

  #import(node: Extract<Top, { type: 'ImportDeclaration' }>): void {
    const { names, pattern } = imported(node)
    for (const name of names) this.names.add(name)
    const attributes = node.attributes.map((each) => this.#code.original.slice(each.start, each.end)).join(', ')
    const options = attributes === '' ? '' : `, { with: { ${attributes} } }`
    const call = `await import(${node.source.raw}${options})`
    this.waits = true
    this.#first.push(pattern === undefined ? `${call};` : `(${pattern} = ${call});`)
    this.#blank(node)
  }

  /** Puts an end in place of what stands between two places, such as a semicolon or nothing. */
  #close(from: number, to: number, text: string): void {
    if (from === to) this.#code.appendLeft(from, text)
    else this.#code.update(from, to, this.#code.original.slice(from, to).replace(/;\s*$/, '') + text)
  }

  #blank({ start, end }: { readonly start: number; readonly end: number }): void {
    this.#code.update(start, end, `;${this.#code.original.slice(start, end).replace(/[^\n]/g, '')}`)
  }
}

/** A node and all below it, but nothing that runs only when a function is called. */
function* outermost(node: TreeNode): Generator<TreeNode, void, undefined> {
  yield node
  for (const child of childrenOf(node)) {
    if (!isFunction(child) && !/^(Class|MethodDefinition|PropertyDefinition)/.test(child.type)) yield* outermost(child)
  }
}

/** Length of `export default`, and of the space behind it. */
function keywordsOf(text: string): number {
  return /^export\s+default\s*/.exec(text)?.[0].length ?? 0
}

/** The names that a pattern binds. */
function namesOf(pattern: Pattern | null): readonly string[] {
  if (pattern === null) return []
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesOf(each.type === 'RestElement' ? each.argument : each.value))
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => namesOf(each))
    case 'AssignmentPattern':
      return namesOf(pattern.left)
    case 'RestElement':
      return namesOf(pattern.argument)
    default:
      return []
  }
}

function imported({ specifiers }: Extract<Top, { type: 'ImportDeclaration' }>): {
  names: readonly string[]
  pattern?: string
} {
  const names = specifiers.map(({ local }) => local.name)
  const space = specifiers.find((each) => each.type === 'ImportNamespaceSpecifier')
  const members = specifiers.flatMap((each) => {
    if (each.type === 'ImportDefaultSpecifier') return [`default: ${each.local.name}`]
    if (each.type !== 'ImportSpecifier') return []
    const { imported } = each
    return [`${imported.type === 'Identifier' ? imported.name : imported.raw}: ${each.local.name}`]
  })
  const pattern = members.length === 0 ? undefined : `{ ${members.join(', ')} }`
  if (space === undefined) return pattern === undefined ? { names } : { names, pattern }
  return { names, pattern: pattern === undefined ? space.local.name : `${pattern} = ${space.local.name}` }
}
