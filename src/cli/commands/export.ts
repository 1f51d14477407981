import { readFileSync } from 'node:fs'
import { exportNotebook } from '../../notebook/index.ts'
import { writeWhole } from '../../profiles/index.ts'
import { fresh } from '../runbook/index.ts'
import { type Command, FORCE, textOf } from '../words/index.ts'

/** `tenantlab export NOTEBOOK -o FILE.ts`: a runbook made of a notebook. */
export const command: Command = {
  usage: 'NOTEBOOK [-o FILE.ts]',
  about:
    'Writes the code cells of a notebook as the steps of one runbook, to be given undo plans and checks. It sends nothing.',
  takes: [{ name: 'NOTEBOOK' }],
  options: {
    out: { type: 'string', short: 'o', value: 'FILE', help: 'file to write; printed unless given' },
    ...FORCE,
  },
  exits: [0, 1, 64],
  examples: ['tenantlab export NOTEBOOKS/05-token-quotas.ipynb -o quotas.ts'],
  async run({ read, write }) {
    const {
      words: [file = ''],
      values,
    } = read()
    const given = textOf(values, 'out')
    const out = given === undefined ? undefined : fresh(given, '-o', values)
    const code = await exportNotebook(readFileSync(file, 'utf8'), file)
    if (out === undefined) write(code)
    else writeWhole(out, code, 'shared')
    return 0
  },
}
