/** What forms say that are changed and saved. */
export const forms = {
  unsaved: 'Not saved yet',
  discard: 'Discard',
  leaveTitle: 'Leave without saving?',
  leaveText: 'What you have changed here is lost.',
  leave: 'Leave',
  undone: 'Undone',
  required: 'This is needed.',
  httpsAddress: 'An address that begins with https://',
}
