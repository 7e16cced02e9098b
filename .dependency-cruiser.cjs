/**
 * Who may import whom. One law for modules and for shared code: domain, application, infrastructure, each knowing
 * only what stands before it. `test/architecture/dependency-rules.spec.ts` plants a violation of every rule.
 */

/** The direction between modules. Orders never hear of payments, and neither hears of exceptions; nobody uses access, whose ports are shared. */
const mayUse = {
  access: [],
  stores: [],
  orders: ['stores'],
  payments: ['orders', 'stores'],
  exceptions: ['payments', 'orders', 'stores'],
  reconciliation: ['exceptions', 'payments', 'orders', 'stores'],
  audit: ['payments', 'orders', 'stores'],
};

/** Files that run. Tests may look anywhere. */
const code = (path, ...except) => ({ path, pathNot: ['[.]spec[.]ts$', ...except] });

const direction = Object.entries(mayUse).map(([module, others]) => ({
  name: `direction-of-${module}`,
  comment: `${module} uses ${others.join(', ') || 'no other module'}.`,
  severity: 'error',
  from: code(`^src/modules/${module}/`),
  to: { path: '^src/modules/', pathNot: `^src/modules/(${[module, ...others].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-knows-only-domain',
      comment: 'A domain is pure: its own words and the shared ones. No library, no node built-in, no Nest.',
      severity: 'error',
      from: code('^src/(modules/[^/]+|shared)/domain/'),
      to: { pathNot: ['^src/$1/domain/', '^src/shared/domain/'] },
    },
    {
      name: 'application-knows-no-adapter',
      comment:
        'Use cases stand on domains, on ports and on the front doors of other modules. Hashing is arithmetic, ' +
        'so node:crypto is allowed; canonicalize is the RFC 8785 text that is hashed.',
      severity: 'error',
      from: code('^src/(modules/[^/]+|shared)/application/'),
      to: {
        pathNot: [
          '^src/$1/(application|domain)/',
          '^src/shared/(application|domain)/',
          '^src/modules/[^/]+/index[.]ts$',
          '^node_modules/@nestjs/(common|cqrs)/',
          '^node_modules/canonicalize/',
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'modules-meet-at-the-front-door',
      comment: 'Of another module only index.ts is known; a *.module.ts may list another *.module.ts.',
      severity: 'error',
      from: code('^src/modules/([^/]+)/', '^src/modules/[^/]+/[^/]+[.]module[.]ts$'),
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index[.]ts$'] },
    },
    {
      name: 'wiring-meets-at-the-front-door',
      comment: 'Of another module a *.module.ts knows index.ts and the *.module.ts, and nothing behind them.',
      severity: 'error',
      from: code('^src/modules/([^/]+)/[^/]+[.]module[.]ts$'),
      to: {
        path: '^src/modules/',
        pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/(index|[^/]+[.]module)[.]ts$'],
      },
    },
    ...direction,
    {
      name: 'shared-knows-no-module',
      severity: 'error',
      from: code('^src/shared/'),
      to: { path: '^src/modules/' },
    },
    {
      name: 'stripe-stays-in-its-adapters',
      comment: 'The stripe package is known under infrastructure/stripe/ only.',
      severity: 'error',
      from: code('^src/', '^src/(modules/[^/]+|shared)/infrastructure/stripe/'),
      to: { path: '^node_modules/stripe/' },
    },
    {
      name: 'only-the-server-starts-the-sandbox',
      comment: 'Everything else reaches it over a socket, as it would reach another company.',
      severity: 'error',
      from: code('^src/', '^src/serve[.]ts$', '^src/sandbox/'),
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'sandbox-knows-nothing-of-ours',
      comment: 'Another company would not.',
      severity: 'error',
      from: code('^src/sandbox/'),
      to: { path: '^src/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'console-knows-nothing-of-ours',
      comment: 'It is a client of the public REST API like any other.',
      severity: 'error',
      from: code('^src/console/'),
      to: { path: '^src/', pathNot: '^src/console/' },
    },
    {
      name: 'nobody-imports-the-entry-points',
      severity: 'error',
      from: code('^src/(modules|shared)/'),
      to: { path: '^src/(console|cli)/|^src/(main|serve|app[.]module)[.]ts$' },
    },
    {
      name: 'code-runs-without-dev-dependencies',
      comment: 'What runs in production is named under dependencies. Types alone may come from elsewhere.',
      severity: 'error',
      from: code('^src/'),
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'no-circles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'nothing-unresolved',
      comment: 'A name that leads nowhere would make every other rule blind.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules' },
    exclude: { path: '^(dist|coverage|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
