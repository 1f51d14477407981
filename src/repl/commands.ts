import { meantSentence, nearest } from '../catalogue/index.ts'
import { columnLines, showEvents, wrap } from '../display/index.ts'
import { ConfigurationError, type Plan, type PlanEvent, plain } from '../plan/index.ts'
import type { WriteHistory } from '../run/index.ts'
import type { CommandDesk, DotCommand } from './command-desk.ts'
import { fileIn, writeFresh } from './file-output.ts'
import { resultCommands } from './result-commands.ts'
import { scriptOf } from './saved-script.ts'
import type { ShownPlan } from './shown.ts'
import { tenantCommands } from './tenant-commands.ts'

const COMMANDS: Readonly<Record<string, DotCommand>> = {
  run: {
    usage: '.run',
    says: 'sends the plan or flow that was shown last',
    run: async (_, desk) => send(planShown(desk), desk),
  },
  it: {
    usage: 'it',
    says: 'the next rows of the list that was shown last',
    run: nextRows,
  },
  events: {
    usage: '.events',
    says: 'sends the plan that was shown last, and prints what happens on the way',
    run: async (_, desk) => sendWatched(planShown(desk), desk),
  },
  explain: {
    usage: '.explain',
    says: 'what the plan or flow that was shown last would send, and why',
    run: (_, desk) => {
      const { plan, flow } = planShown(desk)
      desk.screen.result((plan ?? flow)?.explain())
    },
  },
  diff: {
    usage: '.diff',
    says: 'reads the present state and shows what the plan or flow that was shown last would change',
    run: showDiff,
  },
  curl: {
    usage: '.curl',
    says: 'the plan that was shown last as a curl command',
    run: (_, desk) => desk.screen.text('curl', requestShown(desk, '.curl').toCurl()),
  },
  undo: {
    usage: '.undo [N]',
    says: 'what undoes the last write with all that its flow wrote, or write N of .changes; .run sends it',
    run: showUndo,
  },
  ...resultCommands,
  changes: {
    usage: '.changes',
    says: 'the writes of this console, of all its sessions, with their numbers for .undo',
    run: (_, desk) => desk.screen.text('changes', changesText(desk.history)),
  },
  ...tenantCommands,
  find: {
    usage: '.find WORDS',
    says: 'searches the operations by name, route, scope and field',
    run: async (argument, desk) => desk.screen.result(await desk.session.find(argument)),
  },
  history: {
    usage: '.history',
    says: 'statements of this console, their secrets cut',
    run: (_, desk) => desk.screen.text('history', desk.statements().join('\n')),
  },
  save: {
    usage: '.save FILE',
    says: 'statements of this console as a script; FILE.json gets the plan that was shown last; --force replaces a file',
    run: save,
  },
  help: {
    usage: '.help [NAME]',
    says: 'this list; with a name such as networkAcls.create, help on that',
    run: async (argument, desk) => {
      if (argument === '') desk.screen.text('help', overview(desk.screen.columns))
      else desk.screen.result(await desk.session.help(argument))
    },
  },
  exit: { usage: '.exit', says: 'ends the console', run() {} },
}

/** Names of all dot commands. */
export function commandNames(): readonly string[] {
  return Object.keys(COMMANDS)
}

/**
 * The command of a name.
 *
 * @throws ConfigurationError where there is none, with the nearest.
 */
export function commandNamed(name: string): DotCommand {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (found !== undefined) return found
  const near = nearest(name, commandNames())
  throw new ConfigurationError(
    `There is no command .${name}. ${meantSentence(near, '.help lists the commands.', (name) => `.${name}`)}`,
  )
}

function overview(columns: number): string {
  const entries = Object.values(COMMANDS).map(({ usage, says }) => ({ flag: usage, text: says }))
  const more = [
    'Anything else is TypeScript: a plan shows itself and sends nothing, its run() is waited for, Ctrl-C cancels it. _ is the value that was shown last, Out[N] result N.',
    'TAB completes, Ctrl-R searches what was typed before. auth0.help tells what can be said; auth0.networkAcls.create.help tells all about one verb.',
  ]
  return [...columnLines(entries, columns), '', ...more.flatMap((text) => wrap(text, columns))].join('\n')
}

function planShown({ shown }: CommandDesk): ShownPlan {
  if (shown.plan !== undefined) return shown.plan
  throw new ConfigurationError(
    'No plan was shown since the last failure. Write one, such as auth0.users.list(), and look at it first.',
  )
}

function requestShown(desk: CommandDesk, command: string): Plan<unknown> {
  const { plan, name } = planShown(desk)
  if (plan !== undefined) return plan
  throw new ConfigurationError(
    `${command} is for one plan, and ${name} is a flow of several. .explain lists them, .diff shows every request.`,
  )
}

async function send(given: ShownPlan, desk: CommandDesk): Promise<void> {
  const value = await desk.follow(given.send())
  desk.show(value)
  if (value === undefined) desk.screen.remark(`${given.name} is done; the answer has no content.`)
}

async function sendWatched(given: ShownPlan, desk: CommandDesk): Promise<void> {
  const execution = given.send()
  const seen: PlanEvent<unknown>[] = []
  execution.events.subscribe({
    next(event) {
      seen.push(event)
      if (event.kind !== 'value') desk.screen.event(event)
    },
    // The promise tells the end.
    error() {},
  })
  const value = await execution
  desk.screen.remark(showEvents(seen).line())
  desk.show(value)
}

/** The next rows of the list that was shown last: those that are here first, then the next page. */
async function nextRows(_: string, desk: CommandDesk): Promise<void> {
  const { list } = desk.shown
  if (list === undefined)
    throw new ConfigurationError('No list was shown yet. Run one, such as auth0.users.list().run().')
  if (list.rest.length > 0) return desk.showRows(list)
  const page = list.next && (await desk.follow(list.next.run()))
  if (page !== undefined && (page as { items?: readonly unknown[] }).items?.length !== 0)
    return desk.show(page, list.drawn)
  desk.screen.remark('Those were the last rows.')
}

async function showDiff(_: string, desk: CommandDesk): Promise<void> {
  const { plan, flow } = planShown(desk)
  desk.screen.result(plan === undefined ? await flow?.check() : await plan.diff().run())
}

function showUndo(argument: string, desk: CommandDesk): void {
  const number = argument === '' ? undefined : Number(argument)
  if (number !== undefined && !Number.isInteger(number))
    throw new ConfigurationError('.undo takes the number of a write, or nothing for the last.')
  const { entries, lasting, work } = desk.history.undo(number)
  const [entry] = entries
  if (entry === undefined) return
  const { number: last, plan, session } = entry
  const what =
    entries.length === 1
      ? `write ${last}, ${plan.op} on ${session.domain}`
      : `the ${entries.length} writes of one run, ${entries.at(-1)?.number} to ${last} of .changes, on ${session.domain}`
  desk.screen.remark(`This undoes ${what}.`)
  for (const each of lasting) desk.screen.remark(`The write ${each.number}, ${each.plan.op}, stays: nothing undoes it.`)
  desk.show(work)
}

function changesText({ entries }: WriteHistory): string {
  if (entries.length === 0) return 'Nothing was written in this console.'
  return entries
    .map(({ number, session, plan, over }) => {
      const ids = Object.values(plan.params ?? {}).map((id) => ` ${id}`)
      return plain(
        `${String(number).padStart(3)}  ${session.domain}  ${plan.op}${ids.join('')}${over ? '  (undone)' : ''}`,
      )
    })
    .join('\n')
}

function save(argument: string, desk: CommandDesk): void {
  const wish = fileIn(argument)
  if (wish === undefined) throw new ConfigurationError('.save needs the file to write: .save session.ts')
  const { file } = wish
  if (file.endsWith('.json')) {
    writeFresh(wish, `${JSON.stringify(requestShown(desk, '.save FILE.json').data, null, 2)}\n`)
    return desk.screen.remark(`Saved ${file}.`)
  }
  const { code, left } = scriptOf(desk.typed())
  writeFresh(wish, code)
  desk.screen.remark(`Saved ${file}. tenantlab run ${file} runs it.`)
  for (const sentence of left) desk.screen.remark(sentence)
}
