import { bare, isNode, type TreeNode } from '../../code/index.ts'

/**
 * The schema of a literal with the literal as its default, as papermill takes the values of a cell tagged `parameters`.
 *
 * @param comment what stands beside the declaration: what the parameter means.
 * @returns Nothing for what is no literal.
 */
export function schemaOf(init: TreeNode, code: string, comment: string | undefined): string | undefined {
  const type = typeOf(init)
  if (type === undefined) return undefined
  const meaning = comment === undefined ? '' : `.describe(${JSON.stringify(comment)})`
  return `${type}.default(${code.slice(init.start, init.end)})${meaning}`
}

function typeOf(node: TreeNode): string | undefined {
  const inner = bare(node)
  switch (inner.type) {
    case 'Literal':
      if (inner.value === null && inner.regex === undefined) return 'z.string().nullable()'
      return ['string', 'number', 'boolean'].includes(typeof inner.value) ? `z.${typeof inner.value}()` : undefined
    case 'TemplateLiteral':
      return inner.expressions.length === 0 ? 'z.string()' : undefined
    case 'UnaryExpression':
      return inner.operator === '-' ? typeOf(inner.argument) : undefined
    case 'ArrayExpression': {
      const types = new Set<string | undefined>(inner.elements.map((each: TreeNode | null) => each && typeOf(each)))
      const [type = 'z.string()'] = types
      return types.size > 1 || types.has(undefined) ? undefined : `z.array(${type})`
    }
    case 'ObjectExpression': {
      const members = inner.properties.map((each: TreeNode) => {
        const type = each.type === 'Property' && !each.computed && isNode(each.value) ? typeOf(each.value) : undefined
        return type === undefined ? undefined : `${each.key.name ?? JSON.stringify(each.key.value)}: ${type}`
      })
      return members.includes(undefined) ? undefined : `z.object({ ${members.join(', ')} })`
    }
    default:
      return undefined
  }
}

/** The comment that stands behind a declaration, or alone in the line above it. */
export function commentBeside(code: string, start: number, end: number): string | undefined {
  const behind = /^[^\n]*?\/\/\s*([^\n]+)/.exec(code.slice(end))?.[1]
  const above = /(?:^|\n)[ \t]*\/\/\s*([^\n]+)\n[ \t]*$/.exec(code.slice(0, start))?.[1]
  return (behind ?? above)?.trim()
}
