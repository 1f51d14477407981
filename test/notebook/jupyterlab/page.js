// Runs in Chromium: draws the outputs of a notebook as JupyterLab draws those of a file that it does not trust.
import { OutputModel, RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime'
import { Widget } from '@lumino/widgets'
import { marked } from 'marked'
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

/** Draws the prose of a notebook with the pictures that are attached to it. */
globalThis.drawProse = async (cells) => {
  for (const { source, attachments = {} } of cells) {
    const attached = (url) => Object.entries(attachments[url.replace('attachment:', '')] ?? {})[0]
    const prose = new RenderMimeRegistry({
      initialFactories: standardRendererFactories,
      markdownParser: { render: async (text) => marked.parse(text) },
      resolver: {
        isLocal: () => true,
        resolveUrl: async (url) => url,
        getDownloadUrl: async (url) => {
          const [type, data] = attached(url) ?? []
          return type === undefined ? url : `data:${type};base64,${data}`
        },
      },
    })
    const renderer = prose.createRenderer('text/markdown')
    const frame = document.createElement('div')
    frame.className = 'jp-RenderedHTMLCommon jp-RenderedMarkdown'
    document.body.append(frame)
    Widget.attach(renderer, frame)
    await renderer.renderModel(
      new OutputModel({
        value: { output_type: 'display_data', data: { 'text/markdown': source }, metadata: {} },
        trusted: false,
      }),
    )
  }
}
