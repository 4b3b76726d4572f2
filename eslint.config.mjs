import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import ts from 'typescript-eslint';

const BANNED_GLOBALLY = [
  {
    regex: '^@certlane/(?!(?:runtime/client|pki/trust-list(?:/testing)?)$)[^/]+/(?!testing$).+',
    message: "Import a package by its name (or its '/testing' entry): what it does not export is private to it.",
  },
];

/** Connections are opened in one place each, so that limits, credentials and tracing cannot be forgotten. */
const NATS_FACTORY = {
  group: ['@nats-io/transport-node'],
  message:
    'Open NATS connections with connectNats() of @certlane/runtime: it brings credentials, names and reconnection.',
};

const MACHINE_FREE = [
  'node:net',
  'node:tls',
  'node:fs',
  'node:fs/promises',
  'node:timers',
  'node:timers/promises',
  'node:dgram',
  'node:http',
  'node:child_process',
].map((name) => ({
  name,
  message: 'This library is pure: octets and events in, octets and effects out. Put I/O into a service adapter.',
}));

export default ts.config(
  { ignores: ['**/dist/', '.tools/', '**/node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked, jsdoc.configs['flat/recommended-typescript-error']],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...BANNED_GLOBALLY, NATS_FACTORY] }],
      'max-lines': ['error', { max: 400, skipBlankLines: true }],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
        },
      ],
      'jsdoc/require-param': 'off',
      'jsdoc/check-param-names': ['error', { checkDestructured: false, disableMissingParamChecks: true }],
      'jsdoc/require-returns': 'off',
      'jsdoc/require-throws-type': 'off',
      'jsdoc/require-yields': 'off',
      'jsdoc/tag-lines': 'off',
      'jsdoc/require-template': 'off',
      'jsdoc/reject-any-type': 'off',
      'jsdoc/reject-function-type': 'off',
    },
  },
  {
    files: ['libs/oftp2/src/**/*.ts', 'libs/pki/src/**/*.ts', 'libs/contracts/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: MACHINE_FREE,
          patterns: [
            ...BANNED_GLOBALLY,
            {
              group: ['@nestjs/*', '@nats-io/*', 'mongodb'],
              message: 'Pure libraries know neither framework nor bus.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'performance'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Time is an argument here.' }],
    },
  },
  {
    files: ['services/*/src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message: 'Throw a CertlaneError with a code: callers match on it.',
        },
      ],
    },
  },
  {
    files: ['libs/runtime/src/nats/**/*.ts', 'libs/runtime/src/testing/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: BANNED_GLOBALLY }] },
  },
  {
    files: ['**/*.spec.ts', '**/testing/**/*.ts', 'test/**/*.ts'],
    rules: {
      'jsdoc/require-jsdoc': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
