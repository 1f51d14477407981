import { describePlan, readPlanFile } from '../../runbook/index.ts'
import { type Command, openNamed } from '../words/index.ts'

/** `tenantlab show plan.json`: what a plan file would do. Sends nothing. */
export const command: Command = {
  usage: 'PLAN [--json]',
  about: 'Prints the writes of a plan file with their hashes and what they change. It sends nothing.',
  takes: [{ name: 'PLAN' }],
  options: { json: { type: 'boolean', help: 'the whole file as JSON' } },
  exits: [0, 1, 64],
  examples: ['tenantlab show plan.json'],
  async run({ read, write }) {
    const {
      words: [file = ''],
      values,
    } = read()
    const plan = openNamed(file, () => readPlanFile(file))
    write(values.json === true ? JSON.stringify(plan, undefined, 2) : describePlan(plan, process.env).join('\n'))
    return 0
  },
}
