export {
  signTestTrustList,
  type TestService,
  type TestSignatureOptions,
  testTrustList,
  type TestTrustListOptions,
  testTrustListXml,
} from './test-trust-list.js';
