// Writing the generated files, and telling whether they differ.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the files in `folder` that are not what `files` says, missing and superfluous ones included. */
export function compareFiles(folder, files) {
  const present = existsSync(folder) ? readdirSync(folder) : []
  const superfluous = present.filter((name) => !(name in files))
  const different = Object.keys(files).filter(
    (name) => !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== files[name],
  )
  return [...different, ...superfluous].sort()
}

/** Writes what differs and removes what is not generated any more. */
export function writeFiles(folder, files) {
  mkdirSync(folder, { recursive: true })
  for (const name of compareFiles(folder, files)) {
    if (name in files) writeFileSync(join(folder, name), files[name])
    else rmSync(join(folder, name))
  }
}
