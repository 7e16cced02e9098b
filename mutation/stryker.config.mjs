/**
 * Every domain is changed in small ways, one at a time, and its specs must notice each: by their examples alone. Random
 * histories would notice much as well, but take a minute for every change.
 */
export default {
  mutate: ['src/**/domain/**/*.ts', '!src/**/*.spec.ts'],
  plugins: ['./mutation/runner.mjs'],
  testRunner: 'examples',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 30_000,
  ignorePatterns: ['/data', '/dist', '/docs', '/coverage', '/mutation'],
  tempDirName: 'mutation/work',
  reporters: ['progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: 'mutation/report/index.html' },
  jsonReporter: { fileName: 'mutation/report/mutants.json' },
};
