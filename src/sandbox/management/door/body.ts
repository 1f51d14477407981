import type { Json } from '../../../plan/index.ts'
import { DEEPEST, isTooDeep } from '../../depth.ts'
import { Refusal } from '../../refusal.ts'

/** A request body, read by its content type. */
export interface ParsedBody {
  readonly body?: Json
  readonly parts?: Readonly<Record<string, string>>
}

/**
 * Reads a JSON, form or multipart body.
 * @param most largest size in bytes
 * @throws 413 for a larger body, 400 for JSON that does not parse or is nested too deep
 */
export async function parseBody(raw: Uint8Array, contentType: string, most: number): Promise<ParsedBody> {
  if (raw.byteLength > most) throw new Refusal(413, `Payload content length greater than maximum allowed: ${most}.`)
  if (raw.byteLength === 0) return {}
  if (contentType.startsWith('multipart/form-data')) return { parts: await multipart(raw, contentType) }
  const text = Buffer.from(raw).toString('utf8')
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(text)) }
  const body = parsed(text)
  if (isTooDeep(body))
    throw new Refusal(400, `Payload validation error: 'Nested deeper than ${DEEPEST} levels'.`, {
      errorCode: 'invalid_body',
    })
  return { body }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new Refusal(400, 'Invalid request payload JSON format', { errorCode: 'invalid_body' })
  }
}

async function multipart(raw: Uint8Array, contentType: string): Promise<Readonly<Record<string, string>>> {
  try {
    const form = await new Response(Buffer.from(raw), { headers: { 'content-type': contentType } }).formData()
    const parts: Record<string, string> = {}
    for (const [name, value] of form) parts[name] = typeof value === 'string' ? value : await value.text()
    return parts
  } catch {
    throw new Refusal(400, 'Invalid multipart payload format', { errorCode: 'invalid_body' })
  }
}
