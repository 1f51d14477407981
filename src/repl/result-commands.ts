import { ConfigurationError } from '../plan/index.ts'
import type { CommandDesk, DotCommand } from './command-desk.ts'
import { csvOf } from './csv.ts'
import { fileIn, writeFresh } from './file-output.ts'
import { defaultPager } from './pager.ts'
import { jsonOf } from './present.ts'
import { isPage, isPlan } from './shown.ts'

/** Commands on what was shown. */
export const resultCommands: Readonly<Record<string, DotCommand>> = {
  json: {
    usage: '.json [FILE]',
    says: 'the value or plan that was shown last as JSON; into a file with its name, --force replaces one',
    run: (argument, desk) => {
      const { text, what } = jsonShown(desk)
      given(argument, 'json', `${text}\n`, desk, what)
    },
  },
  csv: {
    usage: '.csv [FILE]',
    says: 'the list that was shown last as CSV; into a file with its name, --force replaces one',
    run: (argument, desk) => given(argument, 'csv', csvOf(valueShown(desk)), desk, valueText(valueShown(desk))),
  },
  out: {
    usage: '.out [N]',
    says: 'result N again, which is also Out[N]; without a number the results that are kept',
    run: showOut,
  },
  timing: {
    usage: '.timing [on|off]',
    says: 'whether the time of each statement is told',
    run: (argument, { settings, screen }) => {
      settings.timing = switched('timing', argument, settings.timing)
      screen.text('timing', settings.timing ? 'The time of each statement is told.' : 'Times are not told.')
    },
  },
  pager: {
    usage: '.pager [on|off]',
    says: 'whether what is longer than the screen is shown with $PAGER, or less',
    run: (argument, { settings, screen }) => {
      const on = switched('pager', argument, settings.pager !== undefined)
      settings.pager = on ? (settings.pager ?? defaultPager()) : undefined
      screen.text('pager', on ? `Long results are shown with ${settings.pager}.` : 'Long results are printed.')
    },
  },
}

function switched(name: string, argument: string, now: boolean): boolean {
  if (argument === '') return name === 'timing' ? !now : now
  if (argument === 'on' || argument === 'off') return argument === 'on'
  throw new ConfigurationError(`.${name} takes on or off.`)
}

/** Prints a text, or writes it into the file that is named. */
function given(argument: string, name: string, text: string, { screen }: CommandDesk, what: string): void {
  const wish = fileIn(argument)
  if (wish === undefined) return screen.text(name, text.replace(/\r?\n$/, ''))
  writeFresh(wish, text)
  screen.remark(`Wrote ${wish.file}. It holds ${what}.`)
}

function valueShown({ shown }: CommandDesk): unknown {
  if (shown.latest === 'plan') {
    const hint = shown.value === undefined ? '' : '; .out shows earlier results again'
    throw new ConfigurationError(
      `What was shown last is ${shown.plan?.name ?? 'a plan'}, which has no rows before it is run. Send it with .run${hint}.`,
    )
  }
  if (shown.value !== undefined) return shown.value
  throw new ConfigurationError('No value was shown yet. Run a list, such as auth0.users.list().run().')
}

/** What was shown last: a plan that came after a value, else the value. */
function jsonShown({ shown }: CommandDesk): { readonly text: string; readonly what: string } {
  const { value, latest } = shown
  const { plan, flow, name } = shown.plan ?? {}
  const planned = plan?.data ?? flow?.explain()
  const isPlanned = planned !== undefined && (latest === 'plan' || value === undefined)
  const subject = isPlanned ? planned : value
  if (subject === undefined) throw new ConfigurationError('Nothing was shown yet that JSON could hold.')
  const what = isPlanned ? `the ${plan === undefined ? 'flow' : 'plan'} ${name}` : valueText(value)
  return { text: JSON.stringify(JSON.parse(jsonOf(subject)), null, 2), what }
}

/** `25 rows`, for a list. */
function valueText(value: unknown): string {
  const rows = isPage(value) ? value.items : value
  if (!Array.isArray(rows)) return 'the value that was shown last'
  return `the ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} that came last`
}

function showOut(argument: string, desk: CommandDesk): void {
  const { results, screen } = desk
  if (argument === '') return screen.text('out', listed(results))
  const number = Number(argument)
  const last = [...results.keys()].at(-1) ?? 0
  const at = number < 0 ? last + 1 + number : number
  if (!Number.isInteger(number) || !results.has(at)) {
    const known = results.size === 0 ? 'Nothing was shown yet.' : `Kept are ${[...results.keys()][0]} to ${last}.`
    throw new ConfigurationError(`There is no result ${argument}. ${known} .out lists them.`)
  }
  desk.show(results.get(at))
}

const LINE = 70

function listed(results: ReadonlyMap<number, unknown>): string {
  if (results.size === 0) return 'Nothing was shown yet.'
  return [...results]
    .map(([number, value]) => {
      const [line = ''] = (typeof value === 'function' ? 'a function' : summaryOf(value)).split('\n')
      return `${String(number).padStart(4)}  ${line.length > LINE ? `${line.slice(0, LINE - 1)}…` : line}`
    })
    .join('\n')
}

function summaryOf(value: unknown): string {
  return isPlan(value) ? `plan ${value.data.op}` : jsonOf(value)
}
