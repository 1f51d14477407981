import type { OperationRow } from '../catalogue/index.ts'
import type { PlanData } from '../plan/index.ts'
import type { WireEnvironment } from './environment.ts'
import { unboundEnvironment } from './explain.ts'
import type { DraftBody } from './http.ts'
import { hasVariable, splitVariables, template } from './template.ts'

/**
 * A `curl` command for a POSIX shell that sends what the plan would send. Secrets stand as shell variables
 * (`$AUTH0_TOKEN`, `$CLIENT_SECRET`, `$MFA_TOKEN`): set them before you run it.
 */
export function toCurl(plan: PlanData, row: OperationRow, environment: WireEnvironment = unboundEnvironment): string {
  const { request } = template(plan, row, environment)
  const { method, origin, path, search, headers, body } = request
  const sent = { ...headers }
  // curl writes the content type of forms itself, with the boundary that it chooses.
  if (body !== undefined && body.kind !== 'json') delete sent['content-type']
  const lines = [
    `curl --request ${method} ${quote(`${origin}${path}${search}`)}`,
    ...Object.entries(sent).map(([name, value]) => `--header ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : bodyOptions(body)),
  ]
  if (request.stream === true) lines.push('--no-buffer')
  return `${remark(body)}${lines.join(' \\\n  ')}`
}

function bodyOptions(body: DraftBody): readonly string[] {
  if (body.kind === 'json') return [`--data-raw ${quote(escapedJson(body.value))}`]
  if (body.kind === 'form') {
    return Object.entries(body.fields).map(
      ([name, value]) => `--data-urlencode ${quote(`${encodeURIComponent(name)}=${value}`)}`,
    )
  }
  return body.parts.map(({ name, filename, contentType, content }) => {
    if (typeof content === 'object') {
      return `--form ${quote(`${name}=@${formQuoted(content.file)};type=${contentType};filename=${formQuoted(filename ?? 'file')}`)}`
    }
    if (filename === undefined) return `--form-string ${quote(`${name}=${content}`)}`
    return `--form ${quote(`${name}=${formQuoted(content)};type=${contentType};filename=${formQuoted(filename)}`)}`
  })
}

// Within --form, curl takes a value in double quotes as it stands.
function formQuoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`
}

function remark(body: DraftBody | undefined): string {
  if (body?.kind !== 'json' || !hasVariable(JSON.stringify(body.value))) return ''
  // No quotes in it: shells that take no comments when typed into must not wait for a closing one.
  return '# Variables go into JSON text as they are: escape double quotes and backslashes in them.\n'
}

/** What acts on a terminal, or turns a line around; line breaks are text. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** JSON in which such characters stand as escapes: the same value for the server, and harmless to look at. */
function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** A shell word in which each byte of such characters stands as an escape. */
function ansiQuoted(text: string): string {
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    )
  return `$'${escaped}'`
}

/** A shell word: literal text in single quotes, variables in double quotes. */
export function quote(text: string): string {
  const parts = splitVariables(text)
  // Where no literal part needs the protection of single quotes, one pair of double quotes reads best.
  if (parts.length > 1 && parts.every((part, index) => index % 2 === 1 || /^[^"$`\\!]*$/.test(part))) {
    const plain = parts.map((part, index) => {
      if (index % 2 === 0) return part
      return /^\w/.test(parts[index + 1] ?? '') ? `$\{${part}}` : `$${part}`
    })
    return `"${plain.join('')}"`
  }
  const words = parts.map((part, index) => {
    if (index % 2 === 1) return `"$${part}"`
    if (part === '') return ''
    return ACTING.test(part) ? ansiQuoted(part) : `'${part.replaceAll("'", `'\\''`)}'`
  })
  return words.join('') || "''"
}
