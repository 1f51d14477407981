// One file per sub-command; this is the order in which the overview lists them.
import type { Command } from '../command.ts'
import { applyCommand } from './apply.ts'
import { exportCommand } from './export.ts'
import { loginCommand } from './login.ts'
import { notebooksCommand } from './notebooks.ts'
import { planCommand } from './plan.ts'
import { replCommand } from './repl.ts'
import { runCommand } from './run.ts'
import { sandboxCommand } from './sandbox.ts'
import { showCommand } from './show.ts'
import { startCommand } from './start.ts'
import { tenantsCommand } from './tenants.ts'
import { tourCommand } from './tour.ts'
import { undoCommand } from './undo.ts'

export const commands: readonly Command[] = [
  startCommand,
  tourCommand,
  replCommand,
  loginCommand,
  tenantsCommand,
  runCommand,
  planCommand,
  showCommand,
  applyCommand,
  undoCommand,
  exportCommand,
  sandboxCommand,
  notebooksCommand,
]
