// Writes `export` before what a declaration file exports, in place of a list of names at its end.
import ts from 'typescript'

/**
 * A name in a list is an alias. To write one type down, the compiler of a notebook follows each alias of the module until
 * one leads to that type, in every cell anew; a declaration that says `export` is found by its name.
 *
 * @param {string} text A declaration file.
 * @returns {string} The same declarations and exports. What cannot be said so stays in a list: a new name, a value that is exported as
 *   a type alone, and what another module declares.
 */
export function directExports(text) {
  const source = ts.createSourceFile('file.d.ts', text, ts.ScriptTarget.ES2022, true)
  const declared = new Map()
  const lists = []
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      if (!statement.moduleSpecifier && statement.exportClause) lists.push(statement)
    } else for (const name of namesOf(statement)) declared.set(name, [...(declared.get(name) ?? []), statement])
  }
  const edits = []
  const marked = new Set()
  for (const list of lists) {
    const kept = list.exportClause.elements.filter((element) => {
      const statements = element.propertyName ? undefined : declared.get(element.name.text)
      if (statements === undefined || ((list.isTypeOnly || element.isTypeOnly) && statements.some(isValue))) return true
      for (const statement of statements) marked.add(statement)
      return false
    })
    const names = kept.map((element) => element.getText()).join(', ')
    const start = list.getStart()
    edits.push([start, list.end, kept.length === 0 ? '' : `export ${list.isTypeOnly ? 'type ' : ''}{ ${names} };`])
  }
  for (const statement of marked) edits.push([statement.getStart(), statement.getStart(), 'export '])
  const rest = edits
    .sort((a, b) => b[0] - a[0])
    .reduce((changed, [start, end, put]) => changed.slice(0, start) + put + changed.slice(end), text)
  // Without a list of exports, a declaration file exports whatever it declares.
  return `${rest.trimEnd()}\n${lists.length > 0 ? 'export {};\n' : ''}`
}

/** The names that a statement declares, where each of them can be exported by a word before it. */
function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList
    return declarations.length === 1 ? [declarations[0].name.text] : []
  }
  const named =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  return named && statement.name ? [statement.name.text] : []
}

const isValue = (statement) => !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)
