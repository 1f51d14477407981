// The main job: on a terminal a short tour and then the console on the embedded tenant, elsewhere the tour alone.
import { join } from 'node:path'
import { node } from './child.mjs'
import { ensure, script } from './ensure.mjs'

await script(async () => {
  await ensure()
  const given = process.argv.slice(2)
  return node([join('dist', 'cli.js'), ...(given.length > 0 ? given : ['start'])])
})
