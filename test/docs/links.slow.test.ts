import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './snippets.ts'

// A reader has the package and no checkout: every relative link of a page in it leads to a file in it, and to a heading.
const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
})
const packed = new Set((JSON.parse(listed) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path))
const pages = [...packed].filter((path) => path.endsWith('.md'))

/** The name that a heading is linked by. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

const headingsOf = (path: string) =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading))

it('packs the pages of docs/', () => {
  expect(pages.filter((path) => path.startsWith('docs/')).length).toBeGreaterThan(5)
})

it.each(pages)('leads from %s only to what is packed', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', heading] = target.split('#')
      const file = path === '' ? page : posix.join(dirname(page), path)
      const folder = [...packed].some((each) => each.startsWith(`${file.replace(/\/$/, '')}/`))
      if (!packed.has(file) && !folder) return true
      return heading !== undefined && !headingsOf(file).includes(heading)
    })
  expect(broken).toEqual([])
})
