import { isJsonObject } from '../plan/index.ts'
import type { HttpReply } from './http.ts'

/** What an error answer says, whichever of Auth0's body shapes it has. */
export interface ErrorBody {
  /** `errorCode` of the Management API, `error` of the Authentication API, `code` of the database endpoints. */
  readonly code?: string
  /** What the server said, in its own words; `''` when it said nothing. */
  readonly message: string
  /** The decoded body: an object where it is JSON, else the text. */
  readonly body: unknown
}

/** Reads the body of an error answer: every shape of both APIs, HTML, other text, and none at all. */
export function readErrorBody(reply: HttpReply): ErrorBody {
  const text = reply.body.trim()
  if (text === '') return { message: '', body: undefined }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // No JSON: a page of HTML of something in between, or plain text.
    const type = (reply.headers['content-type'] ?? '').toLowerCase()
    return { message: isHtml(text, type) ? htmlTitle(text) : text, body: reply.body }
  }
  if (!isJsonObject(body)) return { message: words(body) ?? '', body }
  const code = codeOf(body)
  const message = messageOf(body)
  // A shape without any words in it is better shown as it is than left out.
  return {
    ...(code !== undefined && { code }),
    message: message === '' && Object.keys(body).length > 0 ? text : message,
    body,
  }
}

/** True for a body that is a page rather than an answer. */
function isHtml(body: string, contentType: string): boolean {
  return contentType.includes('html') || /^\s*<(!doctype|html)/i.test(body)
}

function codeOf(body: { readonly [key: string]: unknown }): string | undefined {
  const management = text(body.errorCode) ?? text(body.error_code)
  if (management !== undefined) return management
  // With a status code in the body, `error` is the reason phrase and no code.
  if (body.statusCode === undefined) {
    const code = text(body.error) ?? text(body.code) ?? text(body.name)
    if (code !== undefined) return code
  }
  return text(body.code) ?? lastSegment(text(body.type))
}

// Problem details name their kind by URI.
function lastSegment(type: string | undefined): string | undefined {
  return type?.split(/[/#:]/).findLast((part) => part !== '')
}

function messageOf(body: { readonly [key: string]: unknown }): string {
  const said =
    words(body.message) ??
    words(body.error_description) ??
    text(body.description) ??
    rules(body.description) ??
    words(body.detail) ??
    words(body.title) ??
    words(body.error) ??
    words(body.errors) ??
    words(body.msg) ??
    words(body.reason) ??
    ''
  const details = validationDetails(body.validation_errors ?? (said === words(body.errors) ? undefined : body.errors))
  return details === '' ? said : `${said} (${details})`
}

const DEEPEST = 4

/** Words in any shape: a text, a list of them, an object that holds a message, or one message for each field. */
function words(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined
  if (Array.isArray(value)) return joined(value.map((each) => words(each, depth + 1)))
  const record = value as Readonly<Record<string, unknown>>
  const where = text(record.field) ?? text(record.path) ?? text(record.pointer) ?? text(record.param)
  const own = ['message', 'msg', 'error_description', 'description', 'detail', 'title', 'reason', 'error', 'errors']
  for (const name of own) {
    const found = words(record[name], depth + 1)
    if (found !== undefined) return where === undefined ? found : `${where}: ${found}`
  }
  return joined(
    Object.entries(record).map(([name, each]) => {
      const found = words(each, depth + 1)
      return found === undefined ? undefined : `${name}: ${found}`
    }),
  )
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const found = parts.filter((part) => part !== undefined)
  return found.length === 0 ? undefined : found.slice(0, 20).join('; ')
}

// A weak password is answered with the rules as an object: which of them failed is the message.
function rules(description: unknown): string | undefined {
  if (!isJsonObject(description)) return undefined
  const list = Array.isArray(description.rules) ? description.rules : []
  const failed = list.flatMap((rule) => (isJsonObject(rule) && rule.verified !== true ? [ruleText(rule)] : []))
  return failed.filter((line) => line !== '').join('; ') || JSON.stringify(description)
}

function ruleText(rule: { readonly [key: string]: unknown }): string {
  const message = text(rule.message) ?? text(rule.code) ?? ''
  const format = Array.isArray(rule.format) ? rule.format : []
  let index = 0
  return message.replace(/%[ds]/g, (placeholder) => (index < format.length ? String(format[index++]) : placeholder))
}

function validationDetails(errors: unknown): string {
  if (!Array.isArray(errors)) return ''
  return errors
    .map((each) => {
      if (!isJsonObject(each)) return String(each)
      const where = text(each.field) ?? text(each.pointer) ?? text(each.source)
      return `${where === undefined ? '' : `${where}: `}${text(each.detail) ?? text(each.message) ?? ''}`
    })
    .filter((line) => line !== '')
    .join('; ')
}

function htmlTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1]?.trim()
  return title ? `a page of HTML with the title "${title}"` : 'a page of HTML'
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
