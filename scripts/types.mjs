// Checks the types of the whole project, and those of the built package as a strict reader and as a notebook meet them.
import { join } from 'node:path'
import { node } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const consumer = join('test', 'house', 'fixtures', 'consumer')

const checks = [
  ['The project, TypeScript 6', [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']],
  [
    'The package, strict, TypeScript 7',
    [join('node_modules', 'typescript7', 'bin', 'tsc'), '-p', join(consumer, 'tsconfig.json')],
  ],
  [
    'The package, as tslab reads it, TypeScript 5.0',
    [join('node_modules', '@tslab', 'typescript-for-tslab', 'bin', 'tsc'), '-p', join(consumer, 'tsconfig.tslab.json')],
  ],
]

await script(async () => {
  await ensure()
  let failed = 0
  for (const [name, args] of checks) {
    const code = await node(args)
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n`)
    if (code !== 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
