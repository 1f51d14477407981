// Runs in Chromium: draws the outputs of a notebook as JupyterLab draws those of a file that it does not trust.
import { OutputModel, RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime'
import { Widget } from '@lumino/widgets'
import '@jupyterlab/rendermime/style/base.css'

const registry = new RenderMimeRegistry({ initialFactories: standardRendererFactories })

/** Draws one box for each output; answers in which media type each was drawn. */
globalThis.draw = async (outputs) => {
  const types = []
  for (const value of outputs) {
    const model = new OutputModel({ value, trusted: false })
    const type = registry.preferredMimeType(model.data, 'any')
    types.push(type)
    if (type === undefined) continue
    const renderer = registry.createRenderer(type)
    const frame = document.createElement('div')
    frame.className = 'output_area jp-OutputArea-output'
    document.body.append(frame)
    Widget.attach(renderer, frame)
    await renderer.renderModel(model)
  }
  return types
}
