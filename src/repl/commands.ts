import { writeFileSync } from 'node:fs'
import { nearest } from '../catalogue/index.ts'
import { showEvents } from '../display/index.ts'
import { ConfigurationError, type Execution, type Plan, type PlanEvent, SECRET_MARK } from '../plan/index.ts'
import type { WriteHistory } from '../run/index.ts'
import { internalsOf, type Session } from '../session/index.ts'
import { jsonOf } from './present.ts'
import type { Screen } from './screen.ts'
import { isPlan, type Shown, type ShownPlan } from './shown.ts'
import { scopesText } from './token-text.ts'

/** What a command may use. */
export interface CommandDesk {
  readonly session: Session
  readonly screen: Screen
  readonly shown: Shown
  /** What the sessions of this console have written. */
  readonly history: WriteHistory
  /** What was typed, its secrets cut. */
  statements(): readonly string[]
  readonly mayAllowWrites: boolean
  /** Shows a value and remembers it. */
  show(value: unknown): void
  /** Waits for a run and says what it waits for. */
  follow(execution: Execution<unknown>): Promise<unknown>
}

/** One dot command. */
export interface DotCommand {
  readonly usage: string
  readonly says: string
  run(argument: string, desk: CommandDesk): Promise<void> | void
}

const COMMANDS: Readonly<Record<string, DotCommand>> = {
  run: {
    usage: '.run',
    says: 'sends the plan or flow that was shown last',
    run: async (_, desk) => send(planShown(desk), desk),
  },
  it: {
    usage: 'it',
    says: 'the next page of the list that was shown last',
    run: nextPage,
  },
  events: {
    usage: '.events',
    says: 'sends the plan that was shown last, and prints what happens on the way',
    run: async (_, desk) => sendWatched(planShown(desk), desk),
  },
  explain: {
    usage: '.explain',
    says: 'what the plan that was shown last would send, and why',
    run: (_, desk) => desk.screen.result(requestShown(desk, '.explain').explain()),
  },
  diff: {
    usage: '.diff',
    says: 'reads the present state and shows what the plan that was shown last would change',
    run: showDiff,
  },
  curl: {
    usage: '.curl',
    says: 'the plan that was shown last as a curl command',
    run: (_, desk) => desk.screen.text('curl', requestShown(desk, '.curl').toCurl()),
  },
  json: {
    usage: '.json',
    says: 'the value, or else the plan, that was shown last as JSON',
    run: (_, desk) => desk.screen.text('json', jsonShown(desk)),
  },
  undo: {
    usage: '.undo',
    says: 'the plan that undoes what was written last, or the write of that number; .run sends it',
    run: showUndo,
  },
  scopes: {
    usage: '.scopes',
    says: "scopes of the session's token, and whether they allow the plan that was shown last",
    run: showScopes,
  },
  limits: {
    usage: '.limits',
    says: 'rate-limit buckets and token quotas, as the server told them last',
    run: (_, desk) => desk.screen.result(desk.session.limits()),
  },
  writes: {
    usage: '.writes [on|off]',
    says: 'whether writes are sent; on allows them, off refuses them',
    run: setWrites,
  },
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
    says: 'statements of this console as a script; FILE.json gets the plan that was shown last',
    run: save,
  },
  help: {
    usage: '.help [NAME]',
    says: 'this list; with a name such as networkAcls.create, help on that',
    run: async (argument, desk) => {
      if (argument === '') desk.screen.text('help', overview())
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
    `There is no command .${name}. ${near === undefined ? '.help lists the commands.' : `Did you mean .${near}?`}`,
  )
}

function overview(): string {
  const commands = Object.values(COMMANDS)
  const width = Math.max(...commands.map((command) => command.usage.length))
  return [
    ...commands.map((command) => `  ${command.usage.padEnd(width)}  ${command.says}`),
    '',
    'Anything else is TypeScript: a plan shows itself and sends nothing, its run() is waited for, Ctrl-C cancels it.',
    'auth0.help tells what can be said; auth0.networkAcls.create.help tells all about one verb.',
  ].join('\n')
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
  throw new ConfigurationError(`${command} is for a plan, and ${name} is a flow of several. Its explain() lists them.`)
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

async function nextPage(_: string, desk: CommandDesk): Promise<void> {
  const { page } = desk.shown
  if (page === undefined)
    throw new ConfigurationError('No list was shown yet. Run one, such as auth0.users.list().run().')
  if (page.next === undefined) {
    desk.screen.remark('That was the last page.')
    return
  }
  desk.show(await desk.follow(page.next.run()))
}

async function showDiff(_: string, desk: CommandDesk): Promise<void> {
  const plan = requestShown(desk, '.diff')
  const diff = await plan.diff().run()
  desk.screen.result(diff)
}

function jsonShown({ shown }: CommandDesk): string {
  const subject = shown.value ?? shown.plan?.plan
  if (subject === undefined) throw new ConfigurationError('Nothing was shown yet that JSON could hold.')
  return JSON.stringify(JSON.parse(jsonOf(isPlan(subject) ? subject.data : subject)), null, 2)
}

function showUndo(argument: string, desk: CommandDesk): void {
  const number = argument === '' ? undefined : Number(argument)
  if (number !== undefined && !Number.isInteger(number))
    throw new ConfigurationError('.undo takes the number of a write, or nothing for the last.')
  const { entry, plan } = desk.history.undo(number)
  const { domain } = entry.session
  desk.screen.remark(`This undoes write ${entry.number}, ${entry.plan.op} on ${domain}.`)
  desk.show(plan)
}

async function showScopes(_: string, desk: CommandDesk): Promise<void> {
  const status = await internalsOf(desk.session).token()
  desk.screen.text('scopes', scopesText(status, desk.shown.plan?.plan?.data))
}

function setWrites(argument: string, { session, screen, mayAllowWrites }: CommandDesk): void {
  const desk = internalsOf(session)
  if (argument === 'on') {
    if (!mayAllowWrites)
      throw new ConfigurationError('This console was opened with --read-only. Open another to write.')
    desk.setWrites('allow')
  } else if (argument === 'off') desk.setWrites('deny')
  else if (argument !== '') throw new ConfigurationError('.writes takes on or off; without a word it tells how it is.')
  const now = desk.writes()
  screen.text(
    'writes',
    now === 'allow'
      ? 'Writes are sent.'
      : now === 'deny'
        ? 'Writes are refused before they are sent.'
        : 'Writes are predicted.',
  )
}

function save(file: string, desk: CommandDesk): void {
  if (file === '') throw new ConfigurationError('.save needs the file to write: .save session.ts')
  const content = file.endsWith('.json')
    ? `${JSON.stringify(requestShown(desk, '.save FILE.json').data, null, 2)}\n`
    : `${desk
        .statements()
        .filter((statement) => !statement.startsWith('.') && statement !== 'it' && !statement.includes(SECRET_MARK))
        .join('\n')}\n`
  try {
    // Somebody's file is not replaced.
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new ConfigurationError(`${file} is there already and was left alone. Name another file.`, { cause })
  }
  desk.screen.remark(`Saved ${file}.`)
}
