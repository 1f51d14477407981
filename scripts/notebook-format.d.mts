import type { StoredOutput } from './notebook-run.mjs'

export interface NotebookCell {
  readonly cell_type: 'code' | 'markdown' | 'raw'
  readonly id?: string
  readonly source: string | readonly string[]
  readonly metadata: { readonly tags?: readonly string[] }
  readonly execution_count?: number | null
  readonly outputs?: readonly StoredOutput[]
}
export interface Notebook {
  readonly cells: readonly NotebookCell[]
  readonly metadata: { readonly kernelspec?: { readonly name: string; readonly language: string } }
  readonly nbformat: number
  readonly nbformat_minor: number
}
export interface Message {
  readonly kind: 'stream' | 'display' | 'update'
  readonly name?: string
  readonly text?: string
  readonly content?: object
}
export function textOf(text: string | readonly string[] | undefined): string
export function linesOf(text: string): string[]
export function readNotebook(path: string): Notebook
export function writeNotebook(path: string, notebook: Notebook): void
export function cellsToRun(notebook: Notebook): { index: number; source: string; mayFail: boolean }[]
export function outputsOf(messages: readonly Message[]): StoredOutput[]
