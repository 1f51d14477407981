// `node scripts/catalogue.mjs [--check] [FILE…]`: reads Auth0's OpenAPI 3.1 documents (Management and Authentication)
// and writes src/catalogue/generated/ and src/grammar/generated/. A file that only adds to one of them is laid over it. With --check nothing is
// written; the exit code is 1 when anything would change.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from './catalogue/generate.mjs'
import { compareFiles, writeFiles } from './catalogue/output.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const fallback = join(root, '..', 'shared', 'facts', 'openapi')

const check = process.argv.includes('--check')
let documents = process.argv.slice(2).filter((argument) => argument !== '--check')
if (documents.length === 0 && existsSync(fallback)) {
  documents = ['management.json', 'management-additions.json', 'authentication.json'].map((name) =>
    join(fallback, name),
  )
}
if (documents.length === 0) {
  console.error(
    "Which documents? Name Auth0's OpenAPI files: node scripts/catalogue.mjs management-api-oas.json authentication-api-oas.json",
  )
  process.exit(2)
}

const { rooms, summary } = await generate(documents)
const folders = Object.entries(rooms).map(([room, files]) => [join(root, 'src', room, 'generated'), files])
if (check) {
  const different = folders.flatMap(([folder, files]) => compareFiles(folder, files))
  if (different.length > 0) {
    console.error(
      `The catalogue is not what the documents give: ${different.join(', ')}. Run node scripts/catalogue.mjs and commit.`,
    )
    process.exit(1)
  }
} else {
  for (const [folder, files] of folders) writeFiles(folder, files)
}
console.log(summary)
