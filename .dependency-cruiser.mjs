/** The layers of ARCHITECTURE.md, checked: who may import whom. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    forbid(
      'services-apart',
      'Services talk over the bus; they share only libraries.',
      '^services/([^/]+)/',
      '^services/(?!$1/)',
    ),
    forbid('libs-below-services', 'A library knows no service.', '^libs/', '^services/'),
    forbid(
      'oftp2-alone',
      'The protocol engine stands on nothing else of ours.',
      '^libs/oftp2/',
      '^(libs/(?!oftp2/)|services/)',
    ),
    forbid('pki-alone', 'libs/pki stands on nothing else of ours.', '^libs/pki/', '^(libs/(?!pki/)|services/)'),
    forbid(
      'xml-apart',
      'Trust lists are an entry of their own: who reads certificates does not load the XML libraries.',
      '^libs/pki/src/(?!trust-list/)',
      '^libs/pki/src/trust-list/|/(libxml2-wasm|xml-crypto)/',
    ),
    forbid(
      'contracts-alone',
      'libs/contracts stands on nothing else of ours.',
      '^libs/contracts/',
      '^(libs/(?!contracts/)|services/)',
    ),
    forbid(
      'domain-pure',
      'A domain knows neither adapters nor handlers.',
      '^services/[^/]+/src/domain/',
      '^services/[^/]+/src/(adapters|handlers)/',
    ),
    forbid('no-test-code', 'Production code does not import tests.', '^(libs|services)/.*(?<!\\.spec)\\.ts$', '^test/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@certlane/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
