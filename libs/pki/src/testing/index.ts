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
