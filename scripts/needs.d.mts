export type Need = 'jupyter' | 'notebook' | 'chromium' | 'redis' | 'deno' | 'deploy-cli' | 'mcp-server' | 'facts'
export function has(name: Need): boolean
export function installCommand(...names: Need[]): string | undefined
export function reason(name: Need): string
export function needIn(note?: string): { name: Need; optional: boolean } | undefined
export function denoProgram(): string
export function deployCliProgram(): string | undefined
/** The script of Auth0's MCP server, where the environment names it. */
export function mcpServerProgram(): string | undefined
