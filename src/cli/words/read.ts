import { parseArgs } from 'node:util'
import { meantSentence, nearest } from '../../catalogue/index.ts'
import type { FlagValue, Parameter } from '../../runbook/index.ts'
import { MisuseError } from './misuse.ts'
import type { OptionTable } from './options.ts'
import { fromElsewhere } from './other-options.ts'

/** A word that a command takes after its name: a file, a verb. */
export interface Taken {
  /** As the usage writes it: `FILE`. */
  readonly name: string
  readonly optional?: true
  /** One or more of them; with `optional`, none as well. */
  readonly several?: true
}

/** What was written after a command's name. */
export interface Words {
  /** The words that are no options, in their order. */
  readonly words: readonly string[]
  readonly values: Values
}

/** Values of options, by name: a text, a boolean, or a list of an option that may be repeated. */
export type Values = Readonly<Record<string, FlagValue | undefined>>

/** What a command takes. */
export interface Grammar {
  /** Its name. */
  readonly name: string
  readonly takes: readonly Taken[]
  readonly options: OptionTable
  /** Parameters of its file, which are options as well. */
  readonly parameters?: readonly Parameter[]
  /** What is said where a further word would be left out. */
  readonly further?: string
  /** Passes over what it does not know. */
  readonly lenient?: true
}

/** Dashes that editors put in place of a hyphen or of two. */
const LONG_DASH = /^[\u2010-\u2015\u2212]+(?=[a-z])/i
const TRUE = ['true', 'yes', '1']
const FALSE = ['false', 'no', '0']
/** Words that zod's stringbool() takes. */
const SWITCH = [...TRUE, ...FALSE, 'on', 'off', 'y', 'n', 'enabled', 'disabled']

/**
 * Reads what was written after a command's name: every word is used, or refused.
 *
 * That is Node's own lexer with rules of this file. cac, which was tried, turns `--name 007` into the number 7.
 *
 * @throws MisuseError naming the word, and the nearest right one.
 */
export function readWords(args: readonly string[], grammar: Grammar): Words {
  const reading = new Reading(grammar)
  const { tokens } = parseArgs({
    args: [...args],
    options: reading.lexed,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  let onlyWords = false
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token === undefined) continue
    if (token.kind === 'option-terminator') onlyWords = true
    else if (token.kind === 'positional') reading.word(token.value, onlyWords)
    else {
      const next = tokens[index + 1]
      const following = next?.kind === 'positional' && !onlyWords ? next.value : undefined
      if (reading.option(token, following)) index += 1
    }
  }
  return reading.end()
}

/**
 * The first word that is neither an option of the command nor the value of one, without judging any other: the file, which
 * may know further options.
 */
export function firstWord(args: readonly string[], options: OptionTable): string | undefined {
  const { positionals } = parseArgs({
    args: [...args],
    options: lexed(options, []),
    allowPositionals: true,
    strict: false,
  })
  return positionals[0]
}

/**
 * The words as far as the command itself knows them, before its file tells which further options there are: they are read
 * again then, and none is lost.
 */
export function peekWords(args: readonly string[], grammar: Grammar): Words {
  return readWords(args, { ...grammar, lenient: true })
}

/** Whether the words ask for help. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).some((word) => word === '--help' || word === '-h')
}

/** Refuses a word that an editor has given a long dash, before anything else is made of the words. */
export function refuseLongDashes(args: readonly string[]): void {
  for (const word of args) {
    if (!LONG_DASH.test(word)) continue
    throw new MisuseError(
      `"${word}" begins with a long dash, which is no hyphen. Write ${word.replace(LONG_DASH, '--')}. Nothing was done.`,
    )
  }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

class Reading {
  readonly lexed: Lexed
  readonly #grammar: Grammar
  readonly #words: string[] = []
  readonly #values: Record<string, FlagValue> = {}

  constructor(grammar: Grammar) {
    this.#grammar = grammar
    const { options, parameters = [] } = grammar
    for (const { flag, name } of parameters) {
      if (!(flag in options)) continue
      throw new MisuseError(
        `The runbook's parameter "${name}" has the name of an option of tenantlab ${grammar.name}, --${flag}. Give the parameter another name.`,
      )
    }
    this.lexed = lexed(options, parameters)
  }

  word(text: string, verbatim: boolean): void {
    if (!verbatim) refuseLongDashes([text])
    this.#words.push(text)
  }

  /** @returns Whether the following word was its value. */
  option({ name, rawName, value, inlineValue }: OptionToken, following: string | undefined): boolean {
    const known = this.#find(name)
    const opposite = known === undefined && name.startsWith('no-') ? this.#find(name.slice(3)) : undefined
    if (opposite?.boolean === true) {
      if (value !== undefined) this.#refuse(`${rawName} takes no value.`)
      this.#set(opposite, rawName, false)
      return false
    }
    if (known === undefined && this.#grammar.lenient === true) return false
    if (known === undefined) return this.#refuse(`There is no option ${rawName}. ${this.#near(name)}`)
    if (!known.boolean) {
      const text = this.#text(rawName, value, inlineValue === true, known.choices)
      // What a shell makes of a variable that is not set would choose nothing: another tenant, or every step.
      if (known.own && /^[\s,]*$/.test(text)) this.#refuse(`${rawName} needs a value, and "${text}" is none.`)
      this.#set(known, rawName, text)
      return false
    }
    // What the words of a text mean that is made a boolean, its own schema says.
    if (known.text) {
      const taken = inlineValue !== true && SWITCH.includes(following?.toLowerCase() ?? '')
      this.#set(known, rawName, (inlineValue === true ? value : taken ? following : undefined) ?? 'true')
      return taken
    }
    if (inlineValue === true) {
      this.#set(known, rawName, this.#boolean(rawName, value ?? ''))
      return false
    }
    const taken = following === 'true' || following === 'false'
    this.#set(known, rawName, taken ? following === 'true' : true)
    return taken
  }

  end(): Words {
    const { name, takes, lenient } = this.#grammar
    if (lenient === true) return { words: this.#words, values: this.#values }
    const least = takes.filter(({ optional }) => optional !== true).length
    const missing = takes.filter(({ optional }) => optional !== true)[this.#words.length]
    if (this.#words.length < least && missing !== undefined)
      this.#refuse(`tenantlab ${name} needs ${/^[AEIOU]/.test(missing.name) ? 'an' : 'a'} ${missing.name}.`)
    const several = takes.some((taken) => taken.several === true)
    const [extra] = several ? [] : this.#words.slice(takes.length)
    if (extra !== undefined) {
      const near = /[./]/.test(extra) ? undefined : nearest(extra, this.#names())
      const { further } = this.#grammar
      const said = near === undefined ? further : meantSentence(near, '', (name) => `--${name}`)
      const hint = said === undefined ? '' : ` ${said}`
      const taken = takes.length === 0 ? 'no further word' : `only ${takes.map((each) => each.name).join(' and ')}`
      this.#refuse(`"${extra}" would be left out: tenantlab ${name} takes ${taken}.${hint}`)
    }
    return { words: this.#words, values: this.#values }
  }

  #find(name: string): Known | undefined {
    const { options, parameters = [] } = this.#grammar
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option !== undefined) {
      const { type, multiple, choices } = option
      return { name, boolean: type === 'boolean', text: false, several: multiple === true, choices, own: true }
    }
    const parameter = parameters.find(({ flag }) => flag === name)
    if (parameter === undefined) return undefined
    return {
      name,
      boolean: parameter.type === 'boolean',
      text: parameter.schema.type === 'string',
      several: parameter.type === 'list',
      choices: undefined,
      own: false,
    }
  }

  #set({ name, several }: Known, rawName: string, value: string | boolean): void {
    const before = this.#values[name]
    if (several) this.#values[name] = [...(Array.isArray(before) ? before : []), value]
    else if (before === undefined || before === value) this.#values[name] = value
    else this.#refuse(`${rawName} is given twice, as ${String(before)} and as ${String(value)}. Give it once.`)
  }

  #text(rawName: string, value: string | undefined, inline: boolean, choices: readonly string[] | undefined): string {
    if (value === undefined) return this.#refuse(`${rawName} needs a value.`)
    if (!inline) refuseLongDashes([value])
    if (!inline && /^-(?!\d|$)/.test(value))
      this.#refuse(
        `${rawName} needs a value, and ${value} looks like an option. Write ${rawName}=${value} if it is the value.`,
      )
    if (choices !== undefined && !choices.includes(value)) {
      const near = nearest(value, choices)
      const hint = near === undefined ? '' : ` ${meantSentence(near, '', (name) => name)}`
      this.#refuse(`${rawName} takes ${choices.join(', ')}, not "${value}".${hint}`)
    }
    return value
  }

  #boolean(rawName: string, text: string): boolean {
    const word = text.toLowerCase()
    if (TRUE.includes(word)) return true
    if (FALSE.includes(word)) return false
    return this.#refuse(`${rawName} takes true or false, not "${text}".`)
  }

  #near(name: string): string {
    const elsewhere = fromElsewhere(name, this.#grammar.name, this.#names())
    if (elsewhere !== undefined) return elsewhere
    const near = nearest(name, this.#names())
    return meantSentence(near, `See tenantlab help ${this.#grammar.name}.`, (name) => `--${name}`)
  }

  #names(): readonly string[] {
    return Object.keys(this.lexed)
  }

  #refuse(sentence: string): never {
    throw new MisuseError(
      /[?]$|help \S+\.$/.test(sentence) ? sentence : `${sentence} See tenantlab help ${this.#grammar.name}.`,
    )
  }
}

interface Known {
  readonly name: string
  readonly boolean: boolean
  /** A text that is made a boolean. */
  readonly text: boolean
  readonly several: boolean
  readonly choices: readonly string[] | undefined
  /** Of the command itself, not a parameter of its file. */
  readonly own: boolean
}

type Lexed = Record<
  string,
  { readonly type: 'string' | 'boolean'; readonly multiple?: boolean; readonly short?: string }
>

function lexed(options: OptionTable, parameters: readonly Parameter[]): Lexed {
  const theirs = parameters.map(
    ({ flag, type }) => [flag, { type: type === 'boolean' ? 'boolean' : 'string' }] as const,
  )
  const own = Object.entries(options).map(
    ([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }) }] as const,
  )
  return Object.fromEntries([...theirs, ...own, ['help', { type: 'boolean', short: 'h' }] as const])
}
