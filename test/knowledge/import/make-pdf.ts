import { deflateSync } from 'node:zlib'

/** A piece of text on a page: where, how large, and in the order in which its letters are painted. */
export interface Painted {
  text: string
  x?: number
  y: number
  size?: number
  /** Letters follow one another to the left: the text is kept in reading order. */
  leftwards?: boolean
}

export interface PdfParts {
  title?: string
  pages: Painted[][]
  /** Says that it is locked with a password. */
  locked?: boolean
  /** In the place of the first page's content. */
  content?: Buffer
}

/**
 * A small PDF. Every letter is a two-byte code of a font without outlines, and a table says which letter it is: as
 * printers of Hebrew write it, and readable without any font.
 */
export function makePdf({ title, pages, locked = false, content }: PdfParts): Buffer {
  const objects: Buffer[] = []
  const add = (text: string | Buffer) => objects.push(Buffer.from(text as string)) && objects.length
  const reserve = () => add('')
  const [catalog, tree] = [reserve(), reserve()]
  const font = addFont(add)
  const kids = pages.map((page, index) => {
    const body = index === 0 && content ? content : Buffer.from(page.map(paint).join('\n'))
    const stream = add(streamOf(body))
    return add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 600 800] /Contents ${stream} 0 R ` +
        `/Resources << /Font << /F ${font} 0 R >> >> >>`,
    )
  })
  objects[catalog - 1] = Buffer.from(`<< /Type /Catalog /Pages ${tree} 0 R >>`)
  const list = kids.map((kid) => `${kid} 0 R`).join(' ')
  objects[tree - 1] = Buffer.from(`<< /Type /Pages /Count ${kids.length} /Kids [${list}] >>`)
  const info = add(`<< ${title === undefined ? '' : `/Title <FEFF${hex(title)}>`} >>`)
  const lock = locked
    ? `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`
    : ''
  return assemble(objects, `/Root ${catalog} 0 R /Info ${info} 0 R /ID [<0102> <0102>] ${lock}`)
}

function addFont(add: (text: string | Buffer) => number): number {
  const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def
    1 begincodespacerange <0000> <FFFF> endcodespacerange
    1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end`
  const unicode = add(streamOf(Buffer.from(map)))
  const descriptor = add(
    '<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 0 500 700] /ItalicAngle 0 >>',
  )
  const letters = add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /DW 500 /FontDescriptor ${descriptor} 0 R ` +
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>',
  )
  return add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [${letters} 0 R] ` +
      `/ToUnicode ${unicode} 0 R >>`,
  )
}

function paint({ text, x = 50, y, size = 12, leftwards = false }: Painted): string {
  const begin = `BT /F ${size} Tf ${x} ${y} Td`
  if (!leftwards) return `${begin} <${hex(text)}> Tj ET`
  return `${begin} [${Array.from(text, (letter) => `<${hex(letter)}> 1000`).join(' ')}] TJ ET`
}

function hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex')
}

function streamOf(body: Buffer): Buffer {
  const packed = deflateSync(body)
  const head = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')])
}

function assemble(objects: readonly Buffer[], trailer: string): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')]
  const places: number[] = []
  let length = parts[0]!.length
  for (const [index, object] of objects.entries()) {
    places.push(length)
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}` +
        `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}
