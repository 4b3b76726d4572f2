import type { Certificate } from '../certificate/index.js';
import type { ContentSigner } from './read-signed.js';

/** Every reason why a signer's signature is not accepted. */
export const SIGNED_REASONS = {
  'no-signer': 'there is no signer at all',
  'content-missing': 'the signature is detached and the content was not given',
  'signer-unknown': 'none of the given certificates is the one that the signer names',
  'key-usage': "the certificate's key usage does not allow signatures",
  'digest-weak': 'the digest is MD2, MD5 or SHA-1',
  'digest-unsupported': 'the digest is not known, or not the one the signature algorithm demands',
  'signature-unsupported': 'the signature algorithm is not known, or its parameters or the key do not fit',
  'attributes-missing': 'signed attributes, or one that must be among them, are missing',
  'attributes-as-content': "the content is somebody's signed attributes, presented as if it had been signed itself",
  'content-type-differs': 'the content was signed as another type',
  'digest-differs': 'the content is not the one that was signed',
  'signature-invalid': "the signature was not made by the certificate's key over these octets",
} as const;

/** The machine reason of a refused signature. */
export type SignedReason = keyof typeof SIGNED_REASONS;

/** What became of one signer, in the order of the object. */
export type SignerVerdict =
  | { readonly ok: true; readonly signer: ContentSigner; readonly certificate: Certificate }
  | {
      readonly ok: false;
      readonly signer: ContentSigner;
      readonly reason: SignedReason;
      /** One sentence for people. */
      readonly message: string;
    };

/** Who signed the content. */
export type SignedVerdict =
  | {
      readonly ok: true;
      /** The given certificates that signed, each once, in the order of the signers; at least one. */
      readonly signedBy: readonly Certificate[];
      readonly signers: readonly SignerVerdict[];
    }
  | {
      readonly ok: false;
      readonly reason: SignedReason;
      readonly message: string;
      readonly signers: readonly SignerVerdict[];
    };
