// Writes the tables of docs/ that the package itself knows: `node scripts/docs.mjs`, or `--check` to compare only.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './child.mjs'
import { ensure, script } from './ensure.mjs'
import { judges, later } from './judges/list.mjs'

/** Pages of docs/ with the tables in each, and what writes them. */
const pages = {
  'flows.md': { flows: flowsTable, page: pageTable, raw: rawTable },
  'from-node-auth0.md': { management: managementTable },
  '../README.md': { later: laterSentence },
}

await script(async () => {
  await ensure({ build: false })
  for (const [name, tables] of Object.entries(pages)) {
    const path = join(root, 'docs', name)
    const before = readFileSync(path, 'utf8')
    let after = before
    for (const [block, table] of Object.entries(tables)) after = replaceBlock(after, name, block, await table())
    if (after === before) continue
    if (process.argv.includes('--check'))
      throw new Error(`The tables of docs/${name} are out of date. Run node scripts/docs.mjs and commit the result.`)
    writeFileSync(path, after)
  }
  return 0
})

/** One row for each flow of the tour, read from the sources: the table cannot name a flow that the tour does not run. */
async function flowsTable() {
  const { tourFlows } = await load('cli/tour')
  if (tourFlows.length === 0)
    throw new Error('The tour has no flow, so docs/flows.md would lose its table. Fix the tour first.')
  const rows = tourFlows.map(({ documented, here }) => `| ${cell(documented)} | ${code(here)} |`)
  return ['| documented flow | here |', '|---|---|', ...rows].join('\n')
}

/** One row for each line of the examples page: tests hold that its cell and its flow make this call, or print these texts. */
function pageTable() {
  const lines = JSON.parse(readFileSync(join(root, 'scripts', 'page-lines.json'), 'utf8'))
  const rows = lines.map(({ line, notebook, cell: id, flow, request, prints }) => {
    const { cells } = JSON.parse(readFileSync(join(root, 'notebooks', `${notebook}.ipynb`), 'utf8'))
    const at = cells.findIndex((each) => each.id === id)
    if (at < 0) throw new Error(`${notebook}.ipynb has no cell ${id}. Name the cell in scripts/page-lines.json anew.`)
    const place = `[${notebook.slice(0, 2)}, cell ${at + 1}](../notebooks/${notebook}.ipynb)`
    return `| \`${cell(line)}\` | ${place} | \`${flow}\` | ${request === undefined ? printed(prints) : callText(request)} |`
  })
  return ['| line of the page | notebook | flow | what is called or printed |', '|---|---|---|---|', ...rows].join('\n')
}

function printed(texts) {
  return `prints ${texts.map((text) => `\`${text.split('|')[0].trim()}\``).join(', ')}`
}

/** The call with the parameters that tests hold it to; `*` stands for what differs from run to run. */
function callText({ method, path, body, headers }) {
  const all = {
    ...body,
    ...Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => /custom-domain|correlation/.test(name))),
  }
  const what = Object.keys(all).length === 0 ? '' : ` \`${cell(JSON.stringify(all)).replaceAll('"', "'")}\``
  return `\`${method} ${path}\`${what}`
}

/** One row for each operation of the Authentication API that no word of the grammar ends in. */
async function rawTable() {
  const { rows, wordRows } = await load('catalogue')
  const spoken = new Set(wordRows().map(({ operation }) => operation))
  // Two words give an address instead of a plan; two operations the session asks by itself.
  for (const op of ['authorize', 'logout', 'discovery', 'keys']) spoken.add(`authentication.${op}`)
  const unspoken = rows().filter(({ api, id }) => api === 'authentication' && !spoken.has(id))
  const lines = unspoken.map(({ method, path, docs }) => `| \`auth0.raw('${method} ${path}')\` | ${docs} |`)
  return ['| endpoint | documentation |', '|---|---|', ...lines].join('\n')
}

/** One row for each operation of the Management API: identifiers come first there, and where they belong here. */
async function managementTable() {
  const [{ rows }, { placeOf, signatureOf }] = await Promise.all([load('catalogue'), load('grammar')])
  const lines = rows()
    .filter(({ api }) => api === 'management')
    .map((row) => {
      const { id, parameters, body, query } = row
      const rest = body !== undefined ? ['body'] : query.length > 0 ? ['query'] : []
      const given = [...parameters.map(({ name }) => name), ...rest]
      return `| \`client.${id}(${given.join(', ')})\` | \`${placeOf(row)}${signatureOf(row)}\` |`
    })
  return ['| auth0 | here |', '|---|---|', ...lines].join('\n')
}

/** A room of the sources, bundled for this one look at it. */
async function load(room) {
  const outfile = join(root, '.cache', 'docs', `${room.replaceAll('/', '-')}.mjs`)
  const options = {
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  }
  await build({ ...options, entryPoints: [join(root, 'src', room, 'index.ts')], outfile })
  return import(pathToFileURL(outfile).href)
}

/** What the embedded tenant does not do yet, as one paragraph. */
function laterSentence() {
  const words = `The embedded tenant does not have yet: ${later.join(' · ')}. [What it does](docs/supported.md) is counted by calling every operation, and checked by ${judges.length} clients and tools that know nothing of this package.`
  const lines = ['']
  for (const word of words.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim()
    if (line.length > 128) lines.push(word)
    else lines[lines.length - 1] = line
  }
  return lines.join('\n')
}

/** An expression as code; several, where the tour writes ` · ` between them. */
function code(text) {
  return cell(text)
    .split(' · ')
    .map((each) => (each.includes('`') ? each : `\`${each}\``))
    .join(' · ')
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function replaceBlock(text, page, name, content) {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!pattern.test(text))
    throw new Error(
      `docs/${page} lacks the block '${name}'. Put <!-- ${name}: … --> and <!-- /${name} --> where it belongs.`,
    )
  return text.replace(pattern, (_, start, end) => `${start}${content}\n${end}`)
}
