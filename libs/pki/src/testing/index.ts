export {
  nameConstraintsExtension,
  policiesExtension,
  policyConstraintsExtension,
  TestAuthority,
  type TestCertificateOptions,
  type TestIdentity,
  testSelfSigned,
  unknownCriticalExtension,
} from './test-authority.js';
export { type TestCa, testCa } from './test-ca.js';
export { testKey } from './test-keys.js';
export { informationAccessExtension } from './path-extensions.js';
export { readTestOcspRequest, type TestOcspRequest } from './test-ocsp-request.js';
export {
  ocspResponse,
  testOcspResponse,
  type TestOcspOptions,
  testResponder,
  type TestSingleResponse,
} from './test-ocsp-response.js';
export { testPkcs12 } from './test-pkcs12.js';
export {
  distributionPointsExtension,
  type TestDistributionPoint,
  type TestEntry,
  type TestListOptions,
  testRevocationList,
} from './test-revocation-list.js';
