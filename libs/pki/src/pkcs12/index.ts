export { type Pkcs12Content, readPkcs12 } from './read-pkcs12.js';
