// Puts the files of code/ into the Code nodes of the workflows: each node holds the file of its name, so that "Tell the
// order" holds tell-the-order.js. Run it after changing one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const FOLDER = dirname(fileURLToPath(import.meta.url))

for (const name of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
  const path = join(FOLDER, name)
  const workflow = JSON.parse(readFileSync(path, 'utf8'))
  for (const node of workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.code'))
    node.parameters.jsCode = readFileSync(join(FOLDER, 'code', fileOf(node)), 'utf8')
  const style = await resolveConfig(path)
  writeFileSync(path, await format(JSON.stringify(workflow, null, 2), { ...style, filepath: path }))
}

function fileOf({ name }) {
  return `${name.toLowerCase().replaceAll(' ', '-')}.js`
}
