// The commands, in the order in which the overview lists them. Each is one file, which is loaded when it is called.
import type { Command } from '../words/index.ts'

/** A command before it is loaded. */
export interface ListedCommand {
  readonly name: string
  /** One line, for the overview. */
  readonly summary: string
  load(): Promise<{ readonly command: Command }>
}

export const commands: readonly ListedCommand[] = [
  {
    name: 'start',
    summary: 'Shows what there is: the tour, and on a terminal then the console, on an embedded tenant.',
    load: () => import('./start.ts'),
  },
  {
    name: 'tour',
    summary: 'Runs every documented flow on an embedded tenant: the plan, what was sent, the result.',
    load: () => import('./tour.ts'),
  },
  {
    name: 'repl',
    summary: 'A console with the session as auth0: plans show themselves, .run sends, TAB completes and runs nothing.',
    load: () => import('./repl.ts'),
  },
  {
    name: 'login',
    summary: 'Stores a tenant under a name once its credentials have worked; the secret goes into the system keyring.',
    load: () => import('./login.ts'),
  },
  {
    name: 'tenants',
    summary: 'Lists the stored tenants; chooses the one that is taken when none is named, or removes one.',
    load: () => import('./tenants.ts'),
  },
  {
    name: 'logs',
    summary: "Prints the newest events of a tenant's log; with --follow also those that come.",
    load: () => import('./logs.ts'),
  },
  {
    name: 'run',
    summary: 'Runs a runbook, a TypeScript file or a notebook; with --check it only predicts writes.',
    load: () => import('./run.ts'),
  },
  {
    name: 'plan',
    summary: 'Saves what a runbook would send, and the state that it is based on, for review and apply.',
    load: () => import('./plan.ts'),
  },
  { name: 'show', summary: 'Shows what a plan file would do; sends nothing.', load: () => import('./show.ts') },
  {
    name: 'apply',
    summary: 'Applies exactly what a plan file says; refuses when the tenant has drifted.',
    load: () => import('./apply.ts'),
  },
  { name: 'undo', summary: 'Undoes what a journal records, last step first.', load: () => import('./undo.ts') },
  { name: 'export', summary: 'Makes a runbook of a notebook.', load: () => import('./export.ts') },
  {
    name: 'notebooks',
    summary: 'Installs the kernel profile; checks, cleans and runs notebooks.',
    load: () => import('./notebooks.ts'),
  },
  {
    name: 'sandbox',
    summary: 'Runs the embedded tenant until it is interrupted; prints what another SDK needs to reach it.',
    load: () => import('./sandbox.ts'),
  },
  {
    name: 'init',
    summary: 'Writes a small project: a notebook, a runbook, its test and a workflow.',
    load: () => import('./init.ts'),
  },
]
