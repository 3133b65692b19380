import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('The types that pages get', () => {
  it('stand alone: nothing but declarations, no import', () => {
    const kinds = fileOf('widget/public.ts').statements.map(({ kind }) => ts.SyntaxKind[kind])
    assert.deepEqual([...new Set(kinds)].sort(), [
      'InterfaceDeclaration',
      'ModuleDeclaration',
      'TypeAliasDeclaration',
    ])
  })

  it('fit the example of docs/embedding.md, which is compiled with the tests', () => {
    const [, example = ''] = /```ts\n(.*?)```/s.exec(read('docs/embedding.md')) ?? []
    assert.match(example, /Parlor/)
    assert.ok(read('test/widget/page-script.ts').includes(`\n${example}`))
  })

  it('are told in docs/widget.md, method by method and event by event', () => {
    const docs = read('docs/widget.md')
    const [methods, events] = [namesOf('ParlorApi', 'ParlorQueue'), namesOf('ParlorEvents')]
    assert.ok(methods.length > 10 && events.length > 6)
    assert.deepEqual(
      methods.filter((name) => !docs.includes(`\`${name}(`)),
      [],
    )
    assert.deepEqual(
      events.filter((name) => !new RegExp(`\`${name}[\` ]`).test(docs)),
      [],
    )
  })
})

/** The members of these interfaces of `widget/public.ts`. */
function namesOf(...interfaces: string[]): string[] {
  const members = fileOf('widget/public.ts')
    .statements.filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => interfaces.includes(name.text))
    .flatMap(({ members }) => [...members])
  return [...new Set(members.map(({ name }) => (name && 'text' in name ? name.text : '')))]
}

function fileOf(path: string): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022)
}
