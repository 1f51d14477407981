// Which packages the build takes into dist/, which stay outside, and the licences of those that it takes.
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import { root } from './child.mjs'

const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** The packages of bundled.json, each with the reason. Whoever needs another one adds it there, to the devDependencies. */
export const bundled = Object.keys(json(join(root, 'scripts', 'bundled.json')))

const { dependencies = {}, peerDependencies = {} } = json(join(root, 'package.json'))
const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

/** `@scope/name` or `name` of `@scope/name/file`. */
const packageOf = (specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]

const isCommonJs = (path) => !/^\s*(import|export)\b/m.test(readFileSync(path, 'utf8'))

/**
 * What readers install themselves stays outside, so that lazy imports stay lazy and their own undici is the one that is
 * used. All else is bundled: a package less to install, and no file opened at import.
 */
export const packages = {
  name: 'packages',
  setup({ onResolve, onLoad, resolve: resolved }) {
    // ES modules have no require(): what CommonJS requires of Node is imported for it.
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `export * from '${path}'\nexport { default } from '${path}'`,
    }))
    // What is imported later becomes a chunk, whose names must stand in it: those of CommonJS are known when it has run.
    onLoad({ filter: /./, namespace: 'named' }, async ({ path, pluginData: { resolveDir } }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'module.exports')
      return { contents: `export { ${names.join(', ')} } from '${path}'`, resolveDir }
    })
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === packages) return undefined
      if (isBuiltin(path)) return kind === 'require-call' ? { path, namespace: 'builtin' } : { path, external: true }
      // RxJS points Node at CommonJS, of which nothing can be left out; its ES modules keep the bundle small.
      const rxjs = /^rxjs(\/.+)?$/.exec(path)
      if (rxjs) return { path: join(root, 'node_modules/rxjs/dist/esm', rxjs[1] ?? '', 'index.js'), sideEffects: false }
      const name = packageOf(path)
      if (importer.includes('node_modules')) return undefined
      if (outside.includes(name)) return { path, external: true }
      if (!bundled.includes(name)) {
        return {
          errors: [{ text: `${name} is neither a dependency nor named in scripts/bundled.json. Name it there.` }],
        }
      }
      const found = await resolved(path, { kind, importer, resolveDir, pluginData: packages })
      const inside = kind === 'dynamic-import' && isCommonJs(found.path)
      return inside ? { path, namespace: 'named', pluginData: { resolveDir } } : { ...found, sideEffects: false }
    })
  },
}

const ALLOWED = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']

/**
 * The licences of the packages that files of a build come from.
 *
 * @param {string[]} inputs Paths below the repository's folder.
 * @throws Error for a package without a licence text, or with one that does not allow this.
 */
export function licences(inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license, author } = json(resolve(root, folder, 'package.json'))
    if (!ALLOWED.includes(license))
      throw new Error(
        `${name} has the licence ${license}, which nobody has looked at. See ALLOWED in scripts/bundled.mjs.`,
      )
    return `${name} ${version} (${license})\n\n${textOf(resolve(root, folder), { name, license, author })}\n`
  })
  return [`dist/ holds code of these packages, under their own licences.\n`, ...texts].join(`\n${'-'.repeat(80)}\n\n`)
}

function textOf(folder, { name, license, author }) {
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each))
  if (file !== undefined) return readFileSync(resolve(folder, file), 'utf8').trim()
  if (license !== 'MIT') {
    throw new Error(
      `${name} has no file with its licence. Its terms ask for the text: leave it outside, or add the text.`,
    )
  }
  // The package brings no text: it is the one of this package, in its authors' name.
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim()
  return own.replace(/^Copyright.*$/m, `Copyright (c) ${typeof author === 'string' ? author : (author?.name ?? name)}`)
}
