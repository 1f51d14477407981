import { describePlan, readPlanFile } from '../../runbook/index.ts'
import { fileCommand, PAGES } from '../runbook/index.ts'

/** `tenantlab show plan.json`: what a plan file would do. Sends nothing. */
export const showCommand = fileCommand('show', PAGES.show, async ({ file, values, write }) => {
  const plan = readPlanFile(file)
  write(values.json === true ? JSON.stringify(plan, undefined, 2) : describePlan(plan, process.env).join('\n'))
  return 0
})
