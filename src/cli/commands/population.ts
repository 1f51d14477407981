import { existsSync, readFileSync } from 'node:fs'
import { messageOf } from '../../plan/index.ts'
import type { SandboxOptions, SandboxUserOption } from '../../sandbox/index.ts'
import { MisuseError, textOf, type Values, wholeOf } from '../words/index.ts'

/** The options of commands that open an embedded tenant: who is in it and what has happened there. */
export const POPULATION = {
  users: {
    type: 'string',
    value: 'FILE|N',
    help: 'that many further users with organizations and second factors, or those of a JSON file: a list with email and password',
  },
  days: { type: 'string', value: 'NUMBER', help: 'days of logs that end now' },
} as const

/** What the options say. */
export function populationOf(values: Values): Pick<SandboxOptions, 'users' | 'days'> {
  const users = usersOf(textOf(values, 'users'))
  const days = wholeOf(values, 'days', 1, 365)
  return { ...(users !== undefined && { users }), ...(days !== undefined && { days }) }
}

/** `--users`: a number, or a file with a list of users. */
function usersOf(text: string | undefined): SandboxOptions['users'] {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  if (!existsSync(text)) throw new MisuseError(`--users takes a number or a JSON file; there is no file ${text}.`)
  const list = readJson(text)
  if (
    !Array.isArray(list) ||
    !list.every((each) => typeof each?.email === 'string' && typeof each.password === 'string')
  )
    throw new MisuseError(`${text} must hold a JSON list of users, each with "email" and "password".`)
  return list as readonly SandboxUserOption[]
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new MisuseError(`${file} cannot be read as JSON: ${messageOf(error)}`)
  }
}
