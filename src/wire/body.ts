import { createHash } from 'node:crypto'
import { readLocalFile, ValidationError } from '../plan/index.ts'
import { contentTypes } from './draft.ts'
import { formText } from './form.ts'
import type { DraftBody, HttpRequest, MultipartPart, RequestDraft } from './http.ts'
import { type LoadedPart, multipartBody } from './multipart.ts'

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly body: string | Uint8Array
  readonly contentType: string
}

/**
 * Writes a body. A promise only where a part is a file, which is read now.
 *
 * @throws ValidationError (or rejects with it) when a file cannot be read, or is not the one that the plan was made for.
 */
export function encodeBody(body: DraftBody): EncodedBody | Promise<EncodedBody> {
  if (body.kind === 'json') return { body: JSON.stringify(body.value), contentType: contentTypes.json }
  if (body.kind === 'form') return { body: formText(body.fields), contentType: contentTypes.form }
  const { parts } = body
  return parts.every(isLoaded) ? multipartBody(parts) : Promise.all(parts.map(load)).then(multipartBody)
}

/** The request as a transport gets it. A promise only where the body has a part that is read from a file. */
export function finish(draft: RequestDraft): HttpRequest | Promise<HttpRequest> {
  const { body } = draft
  if (body === undefined) return assemble(draft, undefined)
  const encoded = encodeBody(body)
  return encoded instanceof Promise ? encoded.then((written) => assemble(draft, written)) : assemble(draft, encoded)
}

function assemble(draft: RequestDraft, encoded: EncodedBody | undefined): HttpRequest {
  const url = draft.origin + draft.path + draft.search
  const { method, stream } = draft
  if (encoded === undefined) {
    return stream === true ? { method, url, headers: draft.headers, stream } : { method, url, headers: draft.headers }
  }
  const headers =
    draft.headers['content-type'] === encoded.contentType
      ? draft.headers
      : { ...draft.headers, 'content-type': encoded.contentType }
  const { body } = encoded
  return stream === true ? { method, url, headers, body, stream } : { method, url, headers, body }
}

function isLoaded(part: MultipartPart): part is MultipartPart & { readonly content: string } {
  return typeof part.content === 'string'
}

async function load(part: MultipartPart): Promise<LoadedPart> {
  if (isLoaded(part)) return part
  const { file, sha256 } = part.content as { file: string; sha256?: string }
  const content = read(file, part.name)
  const found = createHash('sha256').update(content).digest('hex')
  if (sha256 === undefined) {
    const rule = 'must name the SHA-256 of its content'
    throw new ValidationError(
      `The file ${file} for the part "${part.name}" is named without its SHA-256, so that the plan does not say what it sends. ` +
        `Nothing was sent. Look at the file, and add sha256: '${found}' beside its path, or build the plan with the word of the operation.`,
      { issues: [{ path: `body.${part.name}.sha256`, rule }] },
    )
  }
  if (found !== sha256.replace(/^sha256-/, '')) {
    const rule = 'must be the file that the plan was made for'
    throw new ValidationError(
      `The file ${file} has changed since the plan was made: its SHA-256 is ${found}, the plan names ${sha256}. ` +
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
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ValidationError(
      `The file ${file} for the part "${name}" cannot be read: ${reason}. Nothing was sent. ` +
        'Give a path that exists where the plan runs, or pass the records themselves.',
      { cause, issues: [{ path: `body.${name}.file`, rule: 'must be a readable file' }] },
    )
  }
}
