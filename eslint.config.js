import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// The engine is everything a replicate's bytes depend on: no clock, no unseeded randomness,
// and no transcendental function whose last bit differs between JavaScript engines.
const engine = [
  'base',
  'kernel',
  'market',
  'accounts',
  'prices',
  'risk',
  'agents',
  'shocks',
  'world',
  'metrics',
  'run',
].map((layer) => `src/${layer}/**/*.ts`);
const unpinned = [
  'exp',
  'log',
  'log2',
  'log10',
  'log1p',
  'expm1',
  'pow',
  'sin',
  'cos',
  'tan',
  'tanh',
  'cbrt',
  'hypot',
  'random',
];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'results', 'node_modules'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'notebooks/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  // A spy handed to expect() is a method without its object, on purpose.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { URL: 'readonly', console: 'readonly', process: 'readonly' } },
  },
  {
    files: engine,
    rules: {
      'no-restricted-properties': [
        'error',
        ...unpinned.map((property) => ({
          object: 'Math',
          property,
          message: 'Not the same bits in every engine: use base/random or base/distributions.',
        })),
        { object: 'Date', property: 'now', message: 'The engine has no clock but the kernel.' },
      ],
      'no-restricted-globals': [
        'error',
        'Date',
        'performance',
        'setTimeout',
        'setInterval',
        'process',
        'console',
      ],
    },
  },
);
