import { ownTypes } from './own-package.ts'
import type { CellProgram, Compiler, ShorthandProperty, SyntaxNode, Transformer } from './tslab.ts'

const EARLIER = /[\\/]__prev__\.d\.ts$/

/**
 * A compiler that checks strictly, resolves packages by their `exports`, takes any top-level await, and sees the names
 * of earlier cells in shorthand properties.
 */
export function strictCompiler(ts: Compiler): Compiler {
  return {
    ...ts,
    createWatchCompilerHost: (files, options, ...rest) =>
      ts.createWatchCompilerHost(files, profiled(ts, options), ...rest),
    createWatchProgram(host) {
      const { afterProgramCreate } = host
      host.afterProgramCreate = (program) => {
        expandShorthands(ts, program)
        afterProgramCreate?.call(host, program)
      }
      return ts.createWatchProgram(host)
    },
  }
}

function profiled(ts: Compiler, options: object): object {
  return {
    ...options,
    strict: true,
    // tslab takes 'use strict' out of what it runs, and TypeScript refuses both at once.
    alwaysStrict: false,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    disableTopLevelAwait: false,
    inlineSourceMap: true,
    ...ownTypes(__dirname),
  }
}

/**
 * tslab rewrites `tenant` of an earlier cell to `exports.tenant`, and overlooks `{ tenant }`. This writes the shorthand
 * out before tslab sees it, in objects and in destructuring assignments.
 */
function expandShorthands(ts: Compiler, program: CellProgram): void {
  const isEarlier = (node: ShorthandProperty): boolean => {
    const symbol = program.getProgram().getTypeChecker().getShorthandAssignmentValueSymbol(node)
    return symbol?.declarations?.some((one) => EARLIER.test(one.getSourceFile().fileName)) ?? false
  }
  const expand: Transformer = (context) => {
    const visit = (node: SyntaxNode): SyntaxNode => {
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) return ts.visitEachChild(node, visit, context)
      const { text } = node.name
      const { factory } = ts
      const place = factory.createPropertyAccessExpression(factory.createIdentifier('exports'), text)
      const otherwise = node.objectAssignmentInitializer
      const value = otherwise === undefined ? place : factory.createAssignment(place, ts.visitNode(otherwise, visit))
      return factory.createPropertyAssignment(factory.createIdentifier(text), value)
    }
    return (file) => ts.visitEachChild(file, visit, context)
  }
  const emit = program.emit.bind(program)
  program.emit = (file, write, cancellation, onlyTypes, transformers = {}) =>
    emit(file, write, cancellation, onlyTypes, { ...transformers, before: [expand, ...(transformers.before ?? [])] })
}

/** True where a cell waits outside of any function. */
export function hasTopLevelAwait(ts: Compiler, source: string): boolean {
  // The export makes it a module, in which `await` is a word of the language.
  const file = ts.createSourceFile('cell.ts', `export {}\n${source}`, ts.ScriptTarget.ES2022)
  const waits = (node: SyntaxNode): boolean => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true
    return ts.isFunctionLike(node) ? false : (ts.forEachChild(node, (child) => waits(child) || undefined) ?? false)
  }
  return waits(file)
}
