// Names what has grown out of shape: files of src/ that are too long, folders that need each other, and functions of an
// entry whose declaration shows no example. Generated files are left aside.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { root } from './child.mjs'

const LONGEST = 350
const source = join(root, 'src')
const entries = ['index', 'rx', 'redis', 'runbook', 'sandbox']

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.includes('generated/'))
const texts = new Map(files.map((name) => [name, readFileSync(join(source, name), 'utf8')]))

const found = [...tooLong(), ...circles(), ...withoutExample()]
for (const line of found) console.log(line)
console.log(`${found.length} of these in ${files.length} files.`)
if (found.length > 0) process.exitCode = 1

function tooLong() {
  return [...texts].flatMap(([name, text]) => {
    const lines = text.split('\n').length - 1
    return lines > LONGEST ? [`src/${name}: ${lines} lines; part what does not belong together.`] : []
  })
}

/** Whether one folder stands within the other: a room and its sub-folders are one another's inside. */
function isWithin(one, other) {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)
}

/** Folders that lead back to themselves, by the imports of their own files. */
function circles() {
  const next = new Map()
  for (const [name, text] of texts) {
    const from = dirname(name)
    for (const [, to] of text.matchAll(/\bfrom '(\.{1,2}\/[^']+)'/g)) {
      const folder = dirname(relative(source, join(source, from, to)))
      if (!isWithin(folder, from)) next.set(from, (next.get(from) ?? new Set()).add(folder))
    }
  }
  const reaches = (from) => {
    const seen = new Set()
    const open = [...(next.get(from) ?? [])]
    for (const folder of open) {
      if (seen.has(folder)) continue
      seen.add(folder)
      open.push(...(next.get(folder) ?? []))
    }
    return seen
  }
  const all = new Map([...next.keys()].map((from) => [from, reaches(from)]))
  return [...all].flatMap(([from, seen]) => {
    const back = [...(next.get(from) ?? [])].filter((folder) => all.get(folder)?.has(from))
    return seen.has(from) ? [`src/${from}/ and src/${back.join('/, src/')}/ need each other.`] : []
  })
}

/** Functions that a reader can import and that show no call, by the declarations of the package. */
function withoutExample() {
  const typed = entries.map((name) => join(root, 'dist', `${name}.d.ts`)).filter((path) => existsSync(path))
  const program = ts.createProgram(typed, { noLib: true, noResolve: false, types: [] })
  const checker = program.getTypeChecker()
  const missing = new Set()
  for (const path of typed) {
    const file = program.getSourceFile(path)
    const symbol = file && checker.getSymbolAtLocation(file)
    for (const each of symbol === undefined ? [] : checker.getExportsOfModule(symbol)) {
      const target = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each
      if (!(target.flags & ts.SymbolFlags.Function)) continue
      if (!target.getJsDocTags(checker).some(({ name }) => name === 'example')) missing.add(each.name)
    }
  }
  return [...missing].map((name) => `${name}(): its documentation has no @example.`)
}
