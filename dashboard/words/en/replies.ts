export const replies = {
  title: 'Canned replies',
  hint: 'Answers that your people give often. In a conversation they write / and the shortcut.',
  add: 'New reply',
  change: 'Change the reply',
  shortcut: 'Shortcut',
  shortcutHint: 'Letters, digits, _ and -, without a blank.',
  shortcutWrong: 'Only letters, digits, _ and -, and a letter or digit first.',
  text: 'Text',
  emptyTitle: 'No canned reply yet',
  emptyText: 'Write one for whatever you answer again and again: opening hours, returns, where to write to.',
  removed: (shortcut: string) => `/${shortcut} is deleted.`,
  actionsOf: (shortcut: string) => `Actions of /${shortcut}`,
}
