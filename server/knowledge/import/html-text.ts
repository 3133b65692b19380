/** How a block begins, and whether it follows the one before it without an empty line. */
interface Opening {
  prefix: string
  tight: boolean
}

/** Markdown as it is being written, block by block, from words whose blanks mean nothing. */
export class HtmlText {
  #done = ''
  #block = ''
  #opening: Opening = { prefix: '', tight: false }
  #wasTight = false

  /** Adds words to the block; blanks and line ends among them are one blank. */
  write(words: string): void {
    const plain = words.replace(/[^\S\u00A0]+/g, ' ')
    this.#block += /(?:^|\s)$/.test(this.#block) ? plain.trimStart() : plain
  }

  /** Ends the line, not the block. */
  endLine(): void {
    this.#block = `${this.#block.trimEnd()}\n`
  }

  /** Begins a block. Blocks inside it that say nothing of how they begin take over its beginning. */
  open(prefix = '', tight = false): void {
    this.#flush()
    if (prefix !== '') this.#opening = { prefix, tight }
  }

  close(): void {
    this.#flush()
    this.#opening = { prefix: '', tight: false }
  }

  /** Begins a list or a table: an empty line before it. */
  begin(): void {
    this.close()
    this.#wasTight = false
  }

  /** A block whose lines stay as they are. */
  quote(lines: string): void {
    this.close()
    if (lines.trim() !== '')
      this.#append(`\`\`\`\n${lines.replaceAll('```', "'''").trimEnd()}\n\`\`\``, false)
  }

  /** Everything written. */
  end(): string {
    this.close()
    return this.#done.trim()
  }

  #flush(): void {
    const block = this.#block.trim()
    this.#block = ''
    if (block === '') return
    const { prefix, tight } = this.#opening
    this.#opening = { prefix: '', tight: false }
    this.#append(prefix === '' ? escapeMarks(block) : `${prefix}${block.replaceAll('\n', ' ')}`, tight)
  }

  #append(block: string, tight: boolean): void {
    const gap = this.#done === '' ? '' : tight && this.#wasTight ? '\n' : '\n\n'
    this.#done += gap + block
    this.#wasTight = tight
  }
}

/** Words that look like the mark of a heading or of code are none. */
function escapeMarks(block: string): string {
  return block.replace(/^(?=#{1,6}\s|```|~~~)/gm, '\\')
}
