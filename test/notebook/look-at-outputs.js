// Runs in a notebook's page: which texts of its outputs overlap, are faint or stand outside, and what they say.
;(() => {
  const outputs = [...document.querySelectorAll('.output_area')]
  const result = {
    overlapping: [],
    faint: [],
    outside: [],
    texts: [],
    styled: 0,
  }
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const light = (colour) => {
    const [r = 0, g = 0, b = 0] = colour.slice(0, 3).map((each) => {
      const part = each / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const backdrop = (element) => {
    for (let here = element; here !== null; here = here.parentElement) {
      const colour = channels(getComputedStyle(here).backgroundColor)
      if (colour.length >= 3 && (colour[3] ?? 1) > 0.5) return colour
    }
    return [255, 255, 255]
  }
  for (const output of outputs) {
    result.texts.push(output.innerText)
    result.styled += [...output.querySelectorAll('svg, [style]')].filter(
      (each) => each.tagName === 'svg' || (each.style?.length ?? 0) > 0,
    ).length
    const frame = output.getBoundingClientRect()
    // What scrolls sideways can be read.
    const scrolls = getComputedStyle(output).overflowX === 'auto'
    const boxes = []
    const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? ''
      if (text === '' || node.parentElement === null || node.parentElement.closest('details:not([open])') !== null)
        continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const cell = node.parentElement.closest('td, th')?.getBoundingClientRect()
      for (const box of range.getClientRects()) {
        if (box.width === 0) continue
        boxes.push({ text, node, box })
        if (cell !== undefined && (box.right > cell.right + 1 || box.bottom > cell.bottom + 1))
          result.outside.push(text)
      }
      const colour = light(channels(getComputedStyle(node.parentElement).color))
      const ground = light(backdrop(node.parentElement))
      const contrast = (Math.max(colour, ground) + 0.05) / (Math.min(colour, ground) + 0.05)
      if (contrast < 4.5 && !/^[█░▁-▇\s]+$/.test(text)) result.faint.push(`${text}: ${contrast.toFixed(1)}`)
    }
    for (const [at, one] of boxes.entries()) {
      if (!scrolls && one.box.right > frame.right + 2) result.outside.push(one.text)
      for (const two of boxes.slice(at + 1)) {
        if (one.node === two.node) continue
        const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left)
        const tall = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top)
        if (wide > 2 && tall > 4) result.overlapping.push(`${one.text} / ${two.text}`)
      }
    }
  }
  return result
})()
