import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

/** Three programs hold all files between them. A project service, which finds them by itself, takes four times as long. */
const PROJECTS = ['./tsconfig.test.json', './widget/tsconfig.json', './dashboard/tsconfig.json']

/**
 * Rules that ask for types take a tenth of the time that all of `npm test` has: there they are left out, since the compiler
 * and the tests look at the same code, and `npm run check` has them.
 */
const WITH_TYPES = process.env.LINT_TYPES !== 'off'

export default ts.config(
  { ignores: ['dist/', 'data/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 350 }],
      '@typescript-eslint/no-floating-promises': 'error',
      // There are no enums here, and looking for them takes a sixth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // How a mapped type becomes part of a global interface.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 600 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  ...(WITH_TYPES ? [] : [{ files: ['**/*.ts'], extends: [ts.configs.disableTypeChecked] }]),
  ...svelte.configs.recommended,
  {
    files: ['{transcript,widget,dashboard}/**/*.svelte', '{widget,dashboard}/**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    plugins: { '@typescript-eslint': ts.plugin },
    // The rule of JavaScript takes the parameters of a function's type for variables.
    rules: { 'no-unused-vars': 'off', '@typescript-eslint/no-unused-vars': 'error' },
  },
  {
    files: ['scripts/**/*.mjs', 'n8n-workflows/*.mjs', '*.config.js'],
    languageOptions: { globals: globals.node },
  },
  {
    // What stands in a Code node of n8n is the body of a function.
    files: ['n8n-workflows/code/*.js'],
    languageOptions: {
      sourceType: 'script',
      parserOptions: { ecmaFeatures: { globalReturn: true } },
      globals: { ...globals.node, $: 'readonly', $env: 'readonly', $input: 'readonly' },
    },
  },
)
