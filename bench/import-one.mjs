const [name] = process.argv.slice(2)
const start = performance.now()
await import(name)
console.log(JSON.stringify({ ms: performance.now() - start }))
