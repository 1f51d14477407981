// Executes the notebooks in tslab and stores what their cells put out: `node scripts/notebooks-refresh.mjs [NAME…]`.
// Without a name all of them. With --check nothing is written, and a difference fails.
import { basename } from 'node:path'
import { inspect, isDeepStrictEqual } from 'node:util'
import { ensure, script } from './ensure.mjs'
import { readNotebook, textOf, writeNotebook } from './notebook-format.mjs'
import { notebooks, notebooksOf, runNotebooks } from './notebook-run.mjs'

await script(async () => {
  const given = process.argv.slice(2)
  const check = given.includes('--check')
  const names = given.filter((each) => !each.startsWith('--'))
  await ensure()
  const paths = notebooksOf(notebooks).filter(
    (path) => names.length === 0 || names.some((name) => basename(path).includes(name)),
  )
  if (paths.length === 0) throw new Error(`No notebook has ${names.join(' or ')} in its name.`)
  const results = await runNotebooks(paths)
  let failures = 0
  for (const path of paths) {
    const notebook = readNotebook(path)
    const cells = results.get(basename(path))
    const failed = cells.find((cell) => cell.status !== 'ok' && !mayFail(notebook.cells[cell.index]))
    if (failed !== undefined) {
      failures += 1
      process.stderr.write(`${basename(path)}: cell ${failed.index} failed.\n${said(failed)}\n`)
    }
    const fresh = refreshed(notebook, cells)
    const same = isDeepStrictEqual(fresh, notebook)
    if (!same && check) failures += 1
    if (!same && !check && failed === undefined) writeNotebook(path, fresh)
    const state = failed !== undefined ? 'failed, left as it was' : same ? 'unchanged' : check ? 'differs' : 'written'
    process.stdout.write(`${basename(path)}: ${cells.length} cells, ${state}\n`)
  }
  return failures === 0 ? 0 : 1
})

function mayFail(cell) {
  return (cell.metadata.tags ?? []).includes('raises-exception')
}

/** The notebook with these outputs and without what changes from run to run. */
function refreshed(notebook, ran) {
  const byIndex = new Map(ran.map((cell) => [cell.index, cell]))
  const cells = notebook.cells.map((cell, index) => {
    if (cell.cell_type !== 'code') return cell
    return { ...cell, execution_count: null, outputs: byIndex.get(index)?.outputs ?? [] }
  })
  return { ...notebook, cells }
}

function said(cell) {
  return cell.outputs.map((output) => textOf(output.text) || inspect(output.data)).join('')
}
