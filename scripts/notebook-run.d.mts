export interface StoredOutput {
  readonly output_type: 'stream' | 'display_data'
  readonly name?: string
  readonly text?: readonly string[]
  readonly data?: Readonly<Record<string, unknown>>
  readonly metadata?: object
}
export interface RunCell {
  readonly index: number
  readonly status: 'ok' | 'error' | 'abort' | 'timeout'
  readonly messages: number
  readonly outputs: readonly StoredOutput[]
}
export const notebooks: string
export function notebooksOf(folder: string): string[]
export function runNotebooks(
  paths: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Map<string, readonly RunCell[]>>
