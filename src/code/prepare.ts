import type { ModuleDeclaration, Pattern, Statement } from 'acorn'
import { transform } from 'sucrase'
import { applied, type Edit } from './edits.ts'
import { nodesOf, type TreeNode } from './tree.ts'

/** What a cell becomes: the body of an async function whose outermost names live in a scope that all cells share. */
export interface CellCode {
  readonly body: string
  /** Names that the cell makes. */
  readonly names: readonly string[]
}

type Top = Statement | ModuleDeclaration

/**
 * Makes a cell ready to run as in a kernel: types are taken out, imports are awaited first, and outermost declarations
 * become assignments, so that later cells see and may declare the names anew. Each line stays on its line.
 *
 * @throws SyntaxError with `loc` where the cell does not parse.
 */
export async function cellCode(source: string): Promise<CellCode> {
  const { parse } = await import('acorn')
  const code = withoutTypes(withoutMagic(source))
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true })
  const names = new Set<string>()
  const edits: Edit[] = []
  const first: string[] = []
  for (const node of tree.body) rewrite(node, { code, names, edits, first, isLast: node === tree.body.at(-1) })
  // import.meta belongs to modules only.
  for (const node of nodesOf(tree as unknown as TreeNode))
    if (node.type === 'MetaProperty' && code.startsWith('import', node.start))
      edits.push({ start: node.start, end: node.end, text: '$meta' })
  return { body: first.join('') + applied(edits, code), names: [...names] }
}

/** The code without the lines that are for a kernel alone; its lines keep their numbers. */
export function withoutMagic(code: string): string {
  return code.replace(/^%.*$/gm, '')
}

function withoutTypes(code: string): string {
  return transform(code, {
    transforms: ['typescript'],
    disableESTransforms: true,
    preserveDynamicImport: true,
    keepUnusedImports: true,
  }).code
}

interface Rewriting {
  readonly code: string
  readonly names: Set<string>
  readonly edits: Edit[]
  /** What runs before the cell's own statements. */
  readonly first: string[]
  readonly isLast: boolean
}

function rewrite(node: Top, context: Rewriting): void {
  const { code, names, edits, first } = context
  switch (node.type) {
    case 'ImportDeclaration': {
      const { names: made, pattern } = imported(node)
      for (const name of made) names.add(name)
      const attributes = node.attributes.map((each) => code.slice(each.start, each.end)).join(', ')
      const options = attributes === '' ? '' : `, { with: { ${attributes} } }`
      const call = `await import(${node.source.raw}${options})`
      first.push(pattern === undefined ? `${call};` : `(${pattern} = ${call});`)
      edits.push({ start: node.start, end: node.end, text: `;${linesIn(code.slice(node.start, node.end))}` })
      return
    }
    case 'VariableDeclaration':
      return declaration(node, context)
    case 'FunctionDeclaration':
      names.add(node.id.name)
      // The function itself is hoisted, and so is its name for other cells.
      first.push(`$names.${node.id.name} = ${node.id.name};`)
      return
    case 'ClassDeclaration':
      names.add(node.id.name)
      edits.push(
        { start: node.start, end: node.start, text: `;${node.id.name} = ` },
        { start: node.end, end: node.end, text: ';' },
      )
      return
    case 'ExportNamedDeclaration':
      if (node.declaration) {
        edits.push({ start: node.start, end: node.declaration.start, text: '' })
        rewrite(node.declaration, context)
      } else edits.push({ start: node.start, end: node.end, text: linesIn(code.slice(node.start, node.end)) })
      return
    case 'ExportDefaultDeclaration':
      edits.push({ start: node.start, end: node.declaration.start, text: ';(' })
      edits.push({ start: node.declaration.end, end: node.end, text: ');' })
      return
    case 'ExpressionStatement':
      // A kernel waits for the value of a cell.
      if (context.isLast && node.directive === undefined) {
        edits.push(
          { start: node.start, end: node.start, text: ';return (' },
          { start: node.expression.end, end: node.end, text: ');' },
        )
      }
      return
  }
}

function declaration(node: Extract<Top, { type: 'VariableDeclaration' }>, { names, edits }: Rewriting): void {
  const [head] = node.declarations
  if (head === undefined) return
  edits.push({ start: node.start, end: head.start, text: ';(' })
  for (const { id, init } of node.declarations) {
    for (const name of namesOf(id)) names.add(name)
    if (!init) edits.push({ start: id.end, end: id.end, text: ' = undefined' })
  }
  const end = node.declarations.at(-1)?.end ?? node.end
  edits.push({ start: end, end: node.end, text: ');' })
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

function linesIn(text: string): string {
  return text.replace(/[^\n]/g, '')
}

/** Where a parser found the fault: line of the cell, from 1. */
export function lineOfFault(error: unknown): number | undefined {
  const { loc } = (error ?? {}) as { loc?: { line?: unknown } }
  return typeof loc?.line === 'number' ? loc.line : undefined
}
