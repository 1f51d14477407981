import { createHash } from 'node:crypto'
import { isJsonObject, type Json } from '../plan/index.ts'
import type { MultipartPart } from './http.ts'

/** A part whose content is at hand. */
export interface LoadedPart extends Omit<MultipartPart, 'content'> {
  readonly content: string | Uint8Array
}

/** Parts of a multipart body: records and objects as JSON files, `{ file }` as a file read at send, the rest as fields. */
export function multipartParts(body: Json): readonly MultipartPart[] {
  if (!isJsonObject(body)) return []
  const parts: MultipartPart[] = []
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue
    if (typeof value !== 'object') parts.push({ name, content: String(value) })
    else if (isJsonObject(value) && typeof value.file === 'string') {
      const content = { file: value.file, ...(typeof value.sha256 === 'string' && { sha256: value.sha256 }) }
      parts.push({ name, filename: baseName(value.file), contentType: 'application/json', content })
    } else {
      const content = JSON.stringify(value)
      parts.push({ name, filename: `${name}.json`, contentType: 'application/json', content })
    }
  }
  return parts
}

/** Parts as the bytes of a `multipart/form-data` body. Its boundary follows from the content: equal parts, equal bytes. */
export function multipartBody(parts: readonly LoadedPart[]): {
  readonly body: Uint8Array
  readonly contentType: string
} {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part.name).update('\0').update(part.content).update('\0')
  const boundary = `tenantlab-${hash.digest('hex').slice(0, 32)}`
  const pieces: Buffer[] = []
  for (const part of parts) {
    const filename = part.filename === undefined ? '' : `; filename="${quoted(part.filename)}"`
    const type = part.contentType === undefined ? '' : `content-type: ${part.contentType}\r\n`
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(part.name)}"${filename}\r\n${type}\r\n`
    pieces.push(Buffer.from(head), Buffer.from(part.content as Uint8Array), Buffer.from('\r\n'))
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`))
  return { body: Buffer.concat(pieces), contentType: `multipart/form-data; boundary=${boundary}` }
}

// As browsers do: a quote or a line break in a name must not end the header.
function quoted(name: string): string {
  return name.replace(/["\r\n]/g, (character) => encodeURIComponent(character))
}

function baseName(path: string): string {
  return path.split(/[\\/]/).pop() || 'file'
}
