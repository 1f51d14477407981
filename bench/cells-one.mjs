// Cells of one notebook in tslab, in process: `node cells-one.mjs nothing|tenantlab|auth0|shipped`.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { createConverter } = require('tslab/dist/converter.js')
const { createExecutor } = require('tslab/dist/executor.js')

/** The first code cell of a notebook that comes with the package: it opens its tenant. */
function firstCell(file) {
  const { cells } = JSON.parse(readFileSync(new URL(`../notebooks/${file}`, import.meta.url), 'utf8'))
  return cells.find((cell) => cell.cell_type === 'code').source.join('')
}

// The same cells with the package and without it.
const later = [
  'const plan = client.users.list({ per_page: 10 })',
  "const one = client.users('auth0|1').get()",
  "const acl = client.networkAcls('acl_1').update({ active: false })",
  'const a1 = 1',
  'const a2 = a1 + 1',
]

const notebooks = {
  nothing: {
    importing:
      'const client = { users: Object.assign((id: string) => ({ get: () => id }), { list: (query: object) => query }), networkAcls: (id: string) => ({ update: (body: object) => body }) }',
    later,
  },
  shipped: { importing: firstCell('00-first-steps.ipynb'), later: [] },
  tenantlab: {
    importing: "import { connect } from 'tenantlab'\nconst client = connect({ domain: 'bench.example', token: 'x' })",
    later,
  },
  auth0: {
    importing:
      "import { ManagementClient } from 'auth0'\nconst client = new ManagementClient({ domain: 'bench.example', token: 'x', fetch: async () => { throw new Error('nothing is sent here') } })",
    later: [
      'const plan = () => client.users.list({ per_page: 10 })',
      "const one = () => client.users.get('auth0|1')",
      "const acl = () => client.networkAcls.update('acl_1', { active: false })",
      'const a1 = 1',
      'const a2 = a1 + 1',
    ],
  },
}

const [name] = process.argv.slice(2)
const written = process.stdout.write.bind(process.stdout)
const errors = []
const converter = createConverter()
const executor = createExecutor(
  process.cwd(),
  { node: converter, browser: converter },
  {
    log: () => {},
    error: (...args) => errors.push(args.join(' ')),
  },
)

async function time(cell) {
  const start = performance.now()
  const ok = await executor.execute(cell)
  if (!ok) throw new Error(`this cell failed: ${cell}\n${errors.join('\n')}`)
  return performance.now() - start
}

await time('const ready = true')
const importing = await time(notebooks[name].importing)
const mean = async (cells) => {
  let sum = 0
  for (const cell of cells) sum += await time(cell)
  return sum / Math.max(cells.length, 1)
}
const using = await mean(notebooks[name].later.slice(0, 3))
const other = await mean(notebooks[name].later.slice(3))
written(`${JSON.stringify({ importing, using, other })}\n`)
process.exit(0)
