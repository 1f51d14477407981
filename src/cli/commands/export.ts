import { readFileSync, writeFileSync } from 'node:fs'
import { exportNotebook } from '../../notebook/index.ts'
import { fileCommand, PAGES, textOf } from '../runbook/index.ts'

/** `tenantlab export NOTEBOOK -o FILE.ts`: a runbook made of a notebook. */
export const exportCommand = fileCommand('export', PAGES.export, async ({ file, values, write }) => {
  const code = await exportNotebook(readFileSync(file, 'utf8'), file)
  const out = textOf(values, 'out')
  if (out === undefined) write(code)
  else writeFileSync(out, code)
  return 0
})
