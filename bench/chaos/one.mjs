// One scenario of chaos.mjs: prints nothing, and sends its rows to the process that started it.
const [name, short] = process.argv.slice(2)
const { run } = await import(`./${name}.mjs`)
const result = await run({ short: short === 'true' })
process.send(result, () => process.disconnect())
