/** A body whose pieces are asked for one by one, as they are read; who leaves ends the asking. */
export function streamedText(pieces: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(Buffer.from(value))
    },
    async cancel() {
      await pieces.return()
    },
  })
}
