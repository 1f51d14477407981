import { readFileSync, writeFileSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { exportNotebook } from '../../runbook/index.ts'
import type { Command } from '../command.ts'

/** `tenantlab export NOTEBOOK -o FILE.ts`: a runbook made of a notebook. */
export const exportCommand: Command = {
  name: 'export',
  usage: 'export NOTEBOOK [-o FILE.ts]',
  summary: 'Makes a runbook of a notebook.',
  options: { out: { type: 'string', short: 'o' } },
  help: { out: 'file to write; printed unless given' },
  async run({ args, options, write }) {
    const [path] = args
    if (path === undefined)
      throw new ConfigurationError('tenantlab export needs a notebook: tenantlab export FILE.ipynb -o FILE.ts')
    const code = exportNotebook(readFileSync(path, 'utf8'), path)
    if (typeof options.out === 'string') writeFileSync(options.out, code)
    else write(code)
    return 0
  },
}
