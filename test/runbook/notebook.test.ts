import { expect, it } from 'vitest'
import { exportNotebook } from '../../src/runbook/index.ts'
import { notebookScript } from '../../src/runbook/notebook/script.ts'

const cell = (cell_type: string, ...source: string[]) => ({ cell_type, source: [source.join('\n')] })
const notebook = JSON.stringify({
  cells: [
    cell('markdown', '# Clients'),
    cell('code', "import { lab } from 'tenantlab/sandbox'", 'const { auth0, finish } = await lab()'),
    cell(
      'code',
      "import { lab } from 'tenantlab/sandbox'",
      'const client = await auth0.clients',
      '  .list({})',
      '  .first()',
      '  .run()',
    ),
    cell('code', 'const client = 2'),
    cell('code', 'const names = (await auth0.clients.list({}).all().run()).length'),
    cell('code', 'await finish()'),
  ],
})

it('makes one script of the cells, which may declare and import a name again', () => {
  const script = notebookScript(notebook, 'x.ipynb')
  expect(script.match(/import \{ lab \}/g)).toHaveLength(1)
  expect(script.match(/^var client/gm)).toHaveLength(2)
})

it('makes a runbook whose requests are steps, in the session of the run', () => {
  const code = exportNotebook(notebook, '/somewhere/my clients.ipynb')
  expect(code).toContain("name: 'my-clients'")
  expect(code).toContain("const client = yield* step('clients.list.first', auth0.clients")
  expect(code).toContain("const names = ((yield* step('clients.list.all', auth0.clients.list({}).all()))).length")
  expect(code).toContain('// # Clients')
  expect(code).not.toMatch(/\blab\b|finish/)
})

it('says what is no notebook', () => {
  expect(() => exportNotebook('{}', 'x.ipynb')).toThrow(/has no cells/)
})
