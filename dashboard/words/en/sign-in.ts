export const signIn = {
  title: 'Sign in to Parlor',
  email: 'E-mail',
  password: 'Password',
  submit: 'Sign in',
  refused: 'No one signs in with this address and password.',
  locked: (seconds: number) => `Too many tries. Try again in ${seconds} s.`,
  forgotten: 'Forgot it? Whoever runs this server gives you a new one.',
  codeTitle: 'One more step',
  code: 'Code of your authenticator app',
  codeHint: 'Or one of your recovery codes.',
  codeRefused: 'That is not the code of this moment, nor a recovery code that is left.',
  back: 'With another address',
}
