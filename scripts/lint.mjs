// Every judge of form, one after the other; all of them run, so that one run names everything that is wrong.
import { join } from 'node:path'
import { node } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const bin = (...path) => join('node_modules', ...path)

const judges = [
  ['Biome', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']],
  [
    'dependency-cruiser',
    [bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src'],
  ],
  ['knip', [bin('knip', 'bin', 'knip.js')]],
  ['knip, for what the tests alone use', [bin('knip', 'bin', 'knip.js'), '--production']],
  ['English', [join('scripts', 'english.mjs')]],
  ['lengths, circles, examples', [join('scripts', 'shape.mjs')]],
  ['publint', [bin('publint', 'src', 'cli.js'), '--strict', '--pack', 'npm']],
  ['attw', [bin('@arethetypeswrong', 'cli', 'dist', 'index.js'), '--pack', '.', '--profile', 'esm-only']],
]

await script(async () => {
  await ensure()
  const failed = []
  for (const [name, args] of judges) {
    process.stdout.write(`\n${name}\n`)
    if ((await node(args)) !== 0) failed.push(name)
  }
  if (failed.length === 0) process.stdout.write('\nNothing to object to.\n')
  else process.stderr.write(`\nObjections from: ${failed.join(', ')}.\n`)
  return failed.length === 0 ? 0 : 1
})
