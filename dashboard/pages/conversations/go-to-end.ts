/** Frames for which the end has to stay where it is, and frames at most. */
const STILL = 3
const MOST = 60

/** Scrolls to the end of a list whose rows are measured as they come into sight: the end moves meanwhile. */
export async function goToEnd(list: HTMLElement): Promise<void> {
  let still = 0
  for (let frame = 0; frame < MOST && still < STILL; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const before = list.scrollTop
    list.scrollTop = list.scrollHeight
    still = Math.abs(list.scrollTop - before) < 1 ? still + 1 : 0
  }
}
