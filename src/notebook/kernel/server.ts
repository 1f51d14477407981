import type { CellState } from './executor.ts'
import { CellOutput } from './output.ts'
import type { KernelPrompt } from './prompt.ts'
import { queueSockets } from './sockets.ts'
import type { JupyterModule, KernelMessage, KernelServer } from './tslab.ts'

/** Has the server lose no message, tell front ends how a cell failed, and know whom to ask. */
export function patchServer(module: JupyterModule, state: CellState, prompt: KernelPrompt): void {
  const { prototype } = module.ZmqServer
  queueSockets(prototype)
  state.display = (content) => module.lastWriteDisplayData?.(content, false)
  prototype.handleExecute = async function (socket, message) {
    const publish = publisher(this, message)
    const output = new CellOutput(
      (name, text) => publish('stream', { name, text }),
      (content, update) => publish(update === true ? 'update_display_data' : 'display_data', { ...content }),
    )
    prompt.asking = { server: this, message }
    const content = await this.handler.handleExecute(message.content, output.write, output.display)
    output.flush()
    const reply = message.createReply()
    reply.header.msg_type = 'execute_reply'
    reply.content = content.status === 'error' ? { ...content, ...failure(state) } : content
    reply.signAndSend(this.connInfo.key, socket)
  }
}

function publisher(
  server: KernelServer,
  parent: KernelMessage,
): (type: string, content: Record<string, unknown>) => void {
  return (type, content) => {
    const message = parent.createReply()
    message.header.msg_type = type
    message.content = content
    message.signAndSend(server.connInfo.key, server.iopub)
  }
}

/** The fields that the protocol asks of a failed reply, and that tslab leaves out. */
function failure({ error }: CellState): Record<string, unknown> {
  if (error === undefined) return { ename: 'Error', evalue: 'The cell failed.', traceback: [] }
  return { ename: error.name, evalue: error.message, traceback: error.printed.split('\n') }
}
