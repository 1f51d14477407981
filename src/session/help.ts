import { meantSentence, nearest, operationIds, row } from '../catalogue/index.ts'
import { giveHelp, type Help, helpedWords, isHelp, rootHelp, verbHelp, wordHelp } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** `auth0.help`: called, help on its argument; shown without a call, the overview. */
export function helpWord(): (subject?: unknown) => Help {
  const word = (subject?: unknown): Help => helpOn(subject)
  giveHelp(word, () => helpOn(undefined))
  return Object.defineProperty(word, INSPECT, { value: () => helpOn(undefined).toString() })
}

/** Words of the session itself, which send nothing. */
const OWN = ['as', 'can', 'find', 'help', 'limits', 'raw', 'run', 'schema', 'scopesFor']

/**
 * Help on a group, a verb or a word, or on the operation of that id.
 *
 * @throws ValidationError where there is none.
 */
function helpOn(subject: unknown): Help {
  if (subject === undefined) return rootHelp([...new Set(helpedWords().map(firstName)), ...OWN].sort())
  if (typeof subject === 'string') return helpOnName(subject.replace(/^auth0\./, ''))
  const own = (subject as { readonly help?: unknown } | null)?.help
  if (isHelp(own)) return own as Help
  const rule = 'has no help'
  throw new ValidationError(
    `auth0.help(): this value ${rule}. Pass a group, a verb or a word, such as auth0.networkAcls.create, or its name.`,
    { issues: [{ path: '', rule }] },
  )
}

function helpOnName(name: string): Help {
  const found = row(name.replaceAll(/\([^)]*\)/g, ''))
  if (found !== undefined) return verbHelp(found)
  const path = name.replaceAll(/\([^)]*\)/g, '()')
  if (helpedWords().includes(path)) return wordHelp(path)
  const near = nearest(name, [...operationIds(), ...helpedWords()])
  const rule = `has no help on "${name.slice(0, 80)}"`
  throw new ValidationError(`auth0.help() ${rule}. ${meantSentence(near, "auth0.find('word') searches.")}`, {
    issues: [{ path: '', rule, ...(near === undefined ? {} : { suggestion: near }) }],
  })
}

function firstName(path: string): string {
  return path.split(/[.(]/)[0] ?? path
}
