// The example of every verb, by the function that help uses, over the rows and schemas that were just generated.
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const src = resolve(fileURLToPath(import.meta.url), '..', '..', '..', 'src')

/**
 * One line for each operation of the Management API, by its id.
 *
 * @param files The texts of the generated files `rows.ts` and `schemas.ts`.
 */
export async function examplesOf(files) {
  const fresh = {
    name: 'fresh',
    setup(bundle) {
      bundle.onLoad({ filter: /catalogue[\\/]generated[\\/](rows|schemas)\.ts$/ }, ({ path }) => ({
        contents: files[path.endsWith('rows.ts') ? 'rows.ts' : 'schemas.ts'],
        loader: 'ts',
      }))
    },
  }
  const contents = `
    import { rows, schemaOf } from './catalogue/index.ts'
    import { verbExample } from './grammar/help/verb-example.ts'
    export const examples = new Map(
      rows().filter(({ api }) => api === 'management').map((row) => [row.id, verbExample(row, schemaOf)]),
    )`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: src, sourcefile: join(src, 'examples.ts'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [fresh],
  })
  const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`)
  return module.examples
}
