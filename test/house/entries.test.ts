import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const dist = (name: string) => join(root, 'dist', name)

function statements(path: string): readonly ts.Statement[] {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true).statements
}

/** Whether a declaration says `export` itself. */
function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
}

/** What a file imports or re-exports at once: nothing that an `import()` brings later. */
function imports(path: string): string[] {
  return statements(path).flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    const specifier = statement.moduleSpecifier
    return specifier && ts.isStringLiteral(specifier) ? [specifier.text] : []
  })
}

/** Files that loading `path` opens, and the packages that it opens. */
function closure(path: string): { files: string[]; packages: string[] } {
  const files = new Set([path])
  const packages = new Set<string>()
  for (const file of files) {
    for (const specifier of imports(file)) {
      if (!specifier.startsWith('.')) packages.add(specifier)
      else {
        const target = resolve(dirname(file), specifier)
        const declared = target.replace(/\.js$/, '.d.ts')
        files.add(file.endsWith('.d.ts') && existsSync(declared) ? declared : target)
      }
    }
  }
  return { files: [...files], packages: [...packages].filter((name) => !name.startsWith('node:')) }
}

describe('entry files', () => {
  it.each(['index.ts', 'runbook.ts', 'sandbox.ts'])('src/%s only re-exports', (name) => {
    const others = statements(join(root, 'src', name)).filter(
      (statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier),
    )
    expect(others.map((statement) => statement.getText())).toEqual([])
  })

  it('src/cli.ts imports the command and calls it', () => {
    const kinds = statements(join(root, 'src', 'cli.ts')).map((statement) => ts.SyntaxKind[statement.kind])
    expect(kinds.filter((kind) => kind !== 'ImportDeclaration').length).toBeLessThanOrEqual(1)
  })
})

describe('the built package', () => {
  it('C21 gives no type a name that a bundler made up', () => {
    for (const name of ['index', 'redis', 'rx', 'runbook', 'sandbox']) {
      const declared = readFileSync(dist(`${name}.d.ts`), 'utf8')
      expect(declared.match(/\b[A-Za-z_]\w*\$\d+/g), name).toBeNull()
    }
  })

  it('opens few files and no package when its main entry is imported', () => {
    const { files, packages } = closure(dist('index.js'))
    expect(packages).toEqual([])
    expect(files.length).toBeLessThanOrEqual(8)
  })

  it('N15 loads neither the command nor certificates, undici or tokens with the entry of the tenant', () => {
    const { files, packages } = closure(dist('sandbox.js'))
    expect(packages).toEqual([])
    expect(files.length).toBeLessThanOrEqual(12)
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    for (const heavy of ['createCertificate', 'selfsigned', 'openConsole', 'class OTPAuth']) {
      expect(code.includes(heavy), heavy).toBe(false)
    }
  })

  it.each([
    ['sandbox()', "const tenant = await sandbox({ seed: 'x' }); const auth0 = connect(tenant.options)"],
    ['lab() and show()', "const { auth0 } = await lab({ seed: 'x' }); show(auth0)"],
    ['a lab whose plan is printed', "const { auth0 } = await lab({ seed: 'x' }); show(auth0.users.list())"],
  ])('opens no undici with %s, which the first request does', (_name, start) => {
    const program = `
      const { createRequire } = await import('node:module')
      const { connect, show } = await import('tenantlab')
      const { lab, sandbox } = await import('tenantlab/sandbox')
      const { cache } = createRequire(process.cwd() + '/')
      const opened = () => Object.keys(cache).filter((file) => /[\\\\/]undici[\\\\/]/.test(file)).length
      ${start}
      const before = opened()
      await auth0.users.list().run()
      console.log('@' + JSON.stringify({ before, after: opened() > 0 }))
      process.exit(0)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(
      stdout.split('\n').find((line) => line.startsWith('@')),
      stderr,
    ).toBe('@{"before":0,"after":true}')
  })

  it('names no package in the declarations of its main entry, which is one file', () => {
    expect(closure(dist('index.d.ts'))).toEqual({ files: [dist('index.d.ts')], packages: [] })
  })

  it.each(['index.d.ts', 'redis.d.ts', 'rx.d.ts', 'runbook.d.ts', 'sandbox.d.ts'])(
    'exports every type that %s declares',
    (name) => {
      // A notebook writes the declarations of a cell down for the next one, and can only write names that it can import.
      const declared: string[] = []
      const exported = new Set<string>()
      for (const statement of statements(dist(name))) {
        if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
          for (const { name, propertyName } of statement.exportClause.elements)
            exported.add((propertyName ?? name).text)
        } else if ('name' in statement) {
          const declaredName = (statement as ts.DeclarationStatement).name?.getText() ?? ''
          // `declare global` adds to the language, and declares nothing of its own.
          if (declaredName !== 'global') declared.push(declaredName)
          if (isExported(statement)) exported.add(declaredName)
        }
      }
      expect(exported.size).toBeGreaterThan(0)
      expect(declared.filter((each) => !exported.has(each))).toEqual([])
    },
  )

  it.each(['index', 'redis', 'rx', 'runbook', 'sandbox'])(
    'declares in %s.d.ts the values that are there at run time, and no others',
    async (name) => {
      const program = ts.createProgram([dist(`${name}.d.ts`)], {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        types: [],
      })
      const checker = program.getTypeChecker()
      const file = program.getSourceFile(dist(`${name}.d.ts`))
      const symbol = file && checker.getSymbolAtLocation(file)
      if (!symbol) throw new Error(`dist/${name}.d.ts is no module.`)
      const values = checker.getExportsOfModule(symbol).filter((each) => {
        const typeOnly = each.declarations?.some((at) => ts.isExportSpecifier(at) && at.parent.parent.isTypeOnly)
        const target = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each
        return !typeOnly && (target.flags & ts.SymbolFlags.Value) !== 0
      })
      const present = Object.keys(await import(pathToFileURL(dist(`${name}.js`)).href))
      expect(values.map((each) => each.name).sort()).toEqual(present.sort())
    },
  )

  it('declares once what two entries share', () => {
    const program = `
      const { createRequire } = require('node:module')
      const names = ['tenantlab', 'tenantlab/redis', 'tenantlab/rx', 'tenantlab/runbook', 'tenantlab/sandbox']
      Promise.all(names.map((name) => import(name))).then((loaded) => {
        const all = [...loaded, ...names.map((name) => require(name))]
        const seen = new Map()
        let shared = 0
        for (const module of all) for (const [name, value] of Object.entries(module)) {
          if (name === 'module.exports' || name === 'default' || name === '__esModule') continue
          if (!seen.has(name)) seen.set(name, value)
          else if (seen.get(name) !== value) throw new Error(name + ' was declared twice')
          else shared += 1
        }
        console.log(JSON.stringify({ shared, names: seen.size }))
      })`
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const { shared, names } = JSON.parse(stdout)
    expect(names).toBeGreaterThan(3)
    expect(shared).toBeGreaterThanOrEqual(names)
  })
})
