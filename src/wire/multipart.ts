import { isJsonObject, type Json, messageOf, readLocalFile, sha256, ValidationError } from '../plan/index.ts'
import type { EncodedBody, MultipartPart } from './http.ts'

/** A part whose content is at hand. */
interface LoadedPart extends Omit<MultipartPart, 'content'> {
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

/**
 * Parts as they go over the wire. A promise only where a part is a file, which is read now.
 *
 * @throws ValidationError (or rejects with it) when a file cannot be read, or is not the one that the plan was made for.
 */
export function encodeParts(parts: readonly MultipartPart[]): EncodedBody | Promise<EncodedBody> {
  return parts.every(isLoaded) ? multipartBody(parts) : Promise.all(parts.map(load)).then(multipartBody)
}

/** Parts as the bytes of a `multipart/form-data` body. Its boundary follows from the content: equal parts, equal bytes. */
function multipartBody(parts: readonly LoadedPart[]): EncodedBody {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
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

function isLoaded(part: MultipartPart): part is MultipartPart & { readonly content: string } {
  return typeof part.content === 'string'
}

async function load(part: MultipartPart): Promise<LoadedPart> {
  if (isLoaded(part)) return part
  const { file, sha256: told } = part.content as { file: string; sha256?: string }
  const content = read(file, part.name)
  const found = sha256(content)
  if (told === undefined) {
    const rule = 'must name the SHA-256 of its content'
    throw new ValidationError(
      `The file ${file} for the part "${part.name}" is named without its SHA-256, so that the plan does not say what it sends. ` +
        `Nothing was sent. Look at the file, and add sha256: '${found}' beside its path, or build the plan with the word of the operation.`,
      { issues: [{ path: `body.${part.name}.sha256`, rule }] },
    )
  }
  if (found !== told.replace(/^sha256-/, '')) {
    const rule = 'must be the file that the plan was made for'
    throw new ValidationError(
      `The file ${file} has changed since the plan was made: its SHA-256 is ${found}, the plan names ${told}. ` +
        'Nothing was sent. Look at the file, and build the plan again if it is right.',
      { issues: [{ path: `body.${part.name}.file`, rule }] },
    )
  }
  return { ...part, content }
}

function read(file: string, name: string): Uint8Array {
  try {
    return readLocalFile(file)
  } catch (cause) {
    const reason = messageOf(cause)
    throw new ValidationError(
      `The file ${file} for the part "${name}" cannot be read: ${reason}. Nothing was sent. ` +
        'Give a path that exists where the plan runs, or pass the records themselves.',
      { cause, issues: [{ path: `body.${name}.file`, rule: 'must be a readable file' }] },
    )
  }
}
