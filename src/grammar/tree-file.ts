import { createHash } from 'node:crypto'
import type { OperationRow } from '../catalogue/index.ts'
import type { Json } from '../plan/index.ts'
import { isJsonObject, readLocalFile, ValidationError } from '../plan/index.ts'

/**
 * Names the content of files in a multipart body: `{ file }` becomes `{ file, sha256 }`, so that a plan says exactly
 * what it will send, and sending notices when the file has changed since. The file is read and nothing is kept of it.
 *
 * @throws ValidationError when a file cannot be read.
 */
export function hashFiles(row: OperationRow, place: string, body: Json | undefined): Json | undefined {
  if (row.body?.encoding !== 'multipart' || !isJsonObject(body)) return body
  const hashed = Object.entries(body).map(([name, value]) => {
    if (!isJsonObject(value) || typeof value.file !== 'string' || value.sha256 !== undefined) return [name, value]
    return [name, { ...value, sha256: hashOf(place, name, value.file) }]
  })
  return Object.fromEntries(hashed) as Json
}

function hashOf(place: string, name: string, file: string): string {
  try {
    return createHash('sha256').update(readLocalFile(file)).digest('hex')
  } catch (cause) {
    const rule = 'must name a file that can be read'
    throw new ValidationError(
      `${place}: ${name}.file ${rule}, and ${JSON.stringify(file)} does not: ${(cause as Error).message}. Check the path; it is taken from the folder that the process runs in.`,
      { cause, issues: [{ path: `${name}.file`, rule }] },
    )
  }
}
