// Keeps declarations honest: a value is declared by an entry that has it at run time.
import ts from 'typescript'

/**
 * The roll-up puts all that the main entry reaches into `index.d.ts`, and lets other entries import from there. What they
 * take may be a function that the main module does not export; such a function moves to the entry that exports it.
 *
 * @param {Map<string, string>} texts The declaration files by name.
 * @param {ReadonlySet<string>} exported What the main module exports at run time.
 * @returns {Map<string, string>} The files, with each value where it belongs.
 */
export function ownValues(texts, exported) {
  const main = parse(texts.get('index.d.ts'))
  const strays = main.exports.filter((name) => main.values.has(name) && !exported.has(name))
  if (strays.length === 0) return texts
  const moved = new Map(texts)
  const typesOnly = []
  for (const name of strays) {
    const users = [...texts.keys()].filter((file) => file !== 'index.d.ts' && parse(texts.get(file)).taken.has(name))
    if (users.length > 1) {
      throw new Error(
        `${name} is offered by ${users.join(' and ')}, but not by the main entry, so it has no place to be declared. ` +
          'Export it from src/index.ts, or from one other entry alone.',
      )
    }
    if (users.length === 0) typesOnly.push(name)
    else moved.set(users[0], adopt(moved.get(users[0]), name, main))
  }
  const gone = strays.filter((name) => !typesOnly.includes(name))
  const rest = withoutNames(without(texts.get('index.d.ts'), main, gone), strays)
  const closing = typesOnly.length > 0 ? `export type { ${typesOnly.join(', ')} };\n` : ''
  moved.set('index.d.ts', `${rest.trimEnd()}\n${closing}`)
  return moved
}

function parse(text) {
  const source = ts.createSourceFile('file.d.ts', text, ts.ScriptTarget.ES2022, true)
  const values = new Map()
  const types = new Set()
  const exports = []
  const taken = new Set()
  const lists = []
  const add = (name, statement) => values.set(name, [...(values.get(name) ?? []), statement])
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name.text, statement)
    else if (ts.isVariableStatement(statement)) {
      for (const each of statement.declarationList.declarations) add(each.name.text, statement)
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      types.add(statement.name.text)
    else if (ts.isExportDeclaration(statement) && statement.exportClause) {
      const names = statement.exportClause.elements.map((each) => each.name.text)
      if (statement.moduleSpecifier) for (const name of names) taken.add(name)
      else if (!statement.isTypeOnly) exports.push(...names)
      lists.push(statement)
    } else if (ts.isImportDeclaration(statement) && statement.importClause?.namedBindings?.elements) {
      for (const each of statement.importClause.namedBindings.elements) taken.add((each.propertyName ?? each.name).text)
      lists.push(statement)
    }
  }
  return { values, types, exports, taken, lists }
}

/** Adds a declaration to a file that took it from the main entry, with imports of the types that it names. */
function adopt(text, name, main) {
  const statements = main.values.get(name)
  const named = new Set()
  const visit = (node) => {
    if (ts.isIdentifier(node) && node.text !== name && (main.types.has(node.text) || main.values.has(node.text))) {
      named.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  for (const statement of statements) visit(statement)
  const imported = parse(text).lists.filter(ts.isImportDeclaration)
  const known = imported.flatMap((list) => list.importClause.namedBindings.elements.map((each) => each.name.text))
  const missing = [...named].filter((each) => !known.includes(each))
  const imports = missing.length > 0 ? `import { ${missing.join(', ')} } from './index.js';\n` : ''
  const declarations = statements.map((each) => each.getFullText().trim()).join('\n')
  return `${imports}${withoutNames(text, [name]).trimEnd()}\n\n${declarations}\nexport { ${name} };\n`
}

/** Takes declarations out. */
function without(text, { values }, names) {
  const statements = names.flatMap((name) => values.get(name)).sort((a, b) => b.pos - a.pos)
  return statements.reduce((rest, { pos, end }) => rest.slice(0, pos) + rest.slice(end), text)
}

/** Takes names out of import and export lists; a list that is left empty goes as a whole. */
function withoutNames(text, names) {
  let rest = text
  for (const list of parse(text).lists.sort((a, b) => b.pos - a.pos)) {
    const clause = ts.isImportDeclaration(list) ? list.importClause.namedBindings : list.exportClause
    const kept = clause.elements.filter((each) => !names.includes((each.propertyName ?? each.name).text))
    if (kept.length === clause.elements.length) continue
    const place = kept.length === 0 ? list : clause
    const replacement = kept.length === 0 ? '' : `{ ${kept.map((each) => each.getText()).join(', ')} }`
    rest = rest.slice(0, place.getStart()) + replacement + rest.slice(place.end)
  }
  return rest
}
