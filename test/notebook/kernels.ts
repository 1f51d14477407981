import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { outputsOf } from '../../src/notebook/cells/messages.ts'
import { KernelClient, type KernelReply } from '../notebooks/kernel-client.ts'
import { shownBy } from '../notebooks/stored.ts'

export const root = resolve(import.meta.dirname, '..', '..')
export const profile = join(root, 'dist', 'kernel-profile.cjs')

/** Both kernels, in a folder of their own with a package that offers itself by `exports` alone. */
export interface Kernels {
  readonly stock: KernelClient
  readonly profiled: KernelClient
  close(): Promise<void>
}

export async function startKernels(): Promise<Kernels> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-profile-'))
  writePackage(join(folder, 'node_modules', 'modern'))
  linkPackages(folder)
  const [stock, profiled] = await Promise.all([
    KernelClient.start(folder),
    KernelClient.start(folder, { preload: profile, env: { CANARY_SECRET: '' } }),
  ])
  return {
    stock,
    profiled,
    async close() {
      await Promise.all([stock.close(), profiled.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a cell, again where the kernel still refuses cells because the one before failed. */
export async function run(kernel: KernelClient, code: string): Promise<KernelReply> {
  for (;;) {
    const reply = await kernel.execute(code)
    if (!reply.status.startsWith('abort')) return reply
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

/** What the cell shows in a notebook. */
export function shown(reply: KernelReply): string {
  return shownBy(outputsOf(reply.messages))
}

function writePackage(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const entry = { types: './index.d.ts', default: './index.js' }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'modern', version: '1.0.0', type: 'module', exports: { '.': entry, './deep': entry } }),
  )
  writeFileSync(join(folder, 'index.d.ts'), 'export declare const answer: number\n')
  writeFileSync(join(folder, 'index.js'), 'export const answer = 42\n')
}

/** The built package, as a reader has it installed. */
export function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  const own = join(folder, 'node_modules', 'tenantlab')
  symlinkSync(root, own, 'dir')
  for (const name of ['@types', 'undici', 'zod', 'jose', 'rxjs']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir')
  }
}
