export {
  createCertificationRequest,
  createSelfSigned,
  type Oftp2Subject,
  type SelfSignedOptions,
} from './oftp2-profile.js';
