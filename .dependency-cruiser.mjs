const folder = (name) => `^src/${name}/`;
const mayNot = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    mayNot('errors-stand-alone', '^src/errors', '^src/(?!errors)', 'errors.ts imports nothing of ours.'),
    mayNot(
      'contracts-know-errors-only',
      folder('contracts'),
      '^src/(?!contracts|errors)',
      'Contracts are types and validation of the four documents.',
    ),
    mayNot(
      'facts-know-contracts-only',
      folder('facts'),
      '^src/(?!facts|contracts|errors)',
      'Facts say what a host said and means; they know neither inventory files, rules, nor the network.',
    ),
    mayNot(
      'inventory-below-stages',
      folder('inventory'),
      '^src/(collect|rules|evaluate|report|cli)/',
      'The inventory is read before any stage runs.',
    ),
    mayNot(
      'rules-below-stages',
      folder('rules'),
      '^src/(inventory|collect|evaluate|report|cli)/',
      'Rules are data about facts; move what needs more into evaluate.',
    ),
    mayNot(
      'collect-does-not-judge',
      folder('collect'),
      '^src/(rules|evaluate|report|cli)/',
      'Collecting stores what a host said. Meaning belongs in facts, judging in evaluate.',
    ),
    mayNot(
      'evaluate-does-not-collect',
      folder('evaluate'),
      '^src/(collect|report|cli)/',
      'Evaluating is pure: inventory, snapshot and rules in, report out.',
    ),
    mayNot(
      'report-knows-the-report-only',
      folder('report'),
      '^src/(inventory|collect|evaluate|rules|facts|cli)/',
      'A renderer knows the report document and nothing else; put what it misses into the report.',
    ),
    mayNot('cli-is-the-top', '^src/(?!cli|bin)', '^src/cli/', 'Only bin.ts may import a command.'),
    {
      name: 'evaluate-is-pure',
      comment: 'No clock, file, process or network in evaluate: of node:* only crypto, for fingerprints.',
      severity: 'error',
      from: { path: folder('evaluate') },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'facts-are-pure',
      comment: 'Facts are computed from facts; of node:* only net, for address syntax.',
      severity: 'error',
      from: { path: folder('facts') },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?net$' },
    },
    {
      name: 'no-cycles',
      comment: 'Split the file: one idea each, arrows in one direction.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-in-src',
      comment: 'Product code never imports tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'Move the package to dependencies, or do without it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
