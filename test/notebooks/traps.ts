import ts from 'typescript'

/** A cell that tslab would refuse or misread, and why. */
export interface Trap {
  readonly cell: number
  readonly rule: string
}

/**
 * Finds what stock tslab 1.0.22 gets wrong: it rewrites cells by their syntax, and looks for a top-level await by a
 * heuristic of its own.
 *
 * @param sources The code cells of one notebook, in order.
 */
export function findTraps(sources: readonly string[]): readonly Trap[] {
  const earlier = new Set<string>()
  return sources.flatMap((source, cell) => {
    const file = ts.createSourceFile(`cell-${cell}.ts`, source, ts.ScriptTarget.ES2022, true)
    const found = new Set<string>()
    const plainAwaits = awaitsOf(file)
    for (const statement of file.statements) {
      const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
      const exported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      if (exported || ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) {
        found.add('export conflicts with what tslab appends to the cell')
      }
    }
    const visit = (node: ts.Node): void => {
      if (ts.isForOfStatement(node) && node.awaitModifier && plainAwaits.length === 0 && isTopLevel(node)) {
        found.add('for await needs another plain await in the cell')
      }
      if (ts.isShorthandPropertyAssignment(node) && earlier.has(node.name.text) && !isShadowed(node)) {
        found.add(`the shorthand { ${node.name.text} } of an earlier cell's name is not rewritten`)
      }
      if (ts.isBinaryExpression(node) && ts.isObjectLiteralExpression(node.left)) {
        found.add('a destructuring assignment to an earlier name does nothing')
      }
      if (ts.isMetaProperty(node) && node.getText(file) === 'import.meta') found.add('import.meta is a syntax error')
      ts.forEachChild(node, visit)
    }
    visit(file)
    for (const operand of plainAwaits) {
      if (/^[([]/.test(operand)) found.add('await before a bracket is read as a call')
    }
    for (const name of declaredBy(file)) earlier.add(name)
    return [...found].map((rule) => ({ cell, rule }))
  })
}

/** What stands behind each `await` outside of functions. */
function awaitsOf(file: ts.SourceFile): readonly string[] {
  const operands: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) operands.push(node.expression.getText(file))
    // Read by a parser that takes `await` outside of modules for a name: a call or an element of it.
    if (ts.isCallExpression(node) && node.expression.getText(file) === 'await') operands.push('(')
    if (ts.isElementAccessExpression(node) && node.expression.getText(file) === 'await') operands.push('[')
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit)
  }
  ts.forEachChild(file, visit)
  return operands
}

function isTopLevel(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) if (ts.isFunctionLike(at)) return false
  return true
}

/** True when a function around the node, or the cell itself, declares the name anew. */
function isShadowed(node: ts.ShorthandPropertyAssignment): boolean {
  const name = node.name.text
  for (let at: ts.Node = node.parent; at; at = at.parent) {
    if (ts.isFunctionLike(at) && at.parameters.some(({ name: parameter }) => bound(parameter).includes(name)))
      return true
    if ((ts.isBlock(at) || ts.isSourceFile(at)) && declaredBy(at).includes(name)) return true
  }
  return false
}

function declaredBy(block: ts.SourceFile | ts.Block): readonly string[] {
  return block.statements.flatMap((statement): string[] => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => bound(name))
    }
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause
      const named = clause?.namedBindings
      const names = clause?.name === undefined ? [] : [clause.name.text]
      if (named === undefined) return names
      return ts.isNamespaceImport(named)
        ? [...names, named.name.text]
        : [...names, ...named.elements.map((element) => element.name.text)]
    }
    const declares = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    return declares && statement.name !== undefined ? [statement.name.text] : []
  })
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bound(element.name)))
}
