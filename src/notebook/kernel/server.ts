import { ExecuteQueue } from './execute-queue.ts'
import type { CellState } from './executor.ts'
import type { KernelPrompt } from './prompt.ts'
import { queueSockets } from './sockets.ts'
import type { JupyterModule, KernelServer } from './tslab.ts'

/** Has the server lose no message, and run cells as the messaging protocol says. */
export function patchServer(module: JupyterModule, state: CellState, prompt: KernelPrompt): void {
  const { prototype } = module.ZmqServer
  const queues = new WeakMap<KernelServer, ExecuteQueue>()
  queueSockets(prototype)
  prototype.handleExecute = function (socket, message) {
    const queue = queues.get(this) ?? new ExecuteQueue(this, state, prompt)
    queues.set(this, queue)
    return queue.add(socket, message)
  }
}
