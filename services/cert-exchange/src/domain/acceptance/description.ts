import { clidMatches, isPkiError, readClid, type Clid } from '@certlane/pki';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';

/** What SFIDDESC says of the certificate that the new one follows. */
export interface Described {
  /** The certificate on file that it names, where that counts. */
  readonly named: CertificateOnFile | undefined;
  /** What was read there and what became of it, one sentence. */
  readonly message: string;
}

/**
 * Reads SFIDDESC as a CLID. One that is none, a damaged one, and one that names nothing on file stand against nothing: the other ways to
 * know a certificate remain. But whoever looks into a decision must see that it was made without what the partner wanted to say.
 */
export function readDescription({
  description,
  inBypass,
  onFile,
}: Pick<AcceptanceFacts, 'description' | 'inBypass' | 'onFile'>): Described {
  if (description.trim() === '') return without('SFIDDESC is empty: it names no certificate that this one follows');
  let clid: Clid | undefined;
  try {
    clid = readClid(description);
  } catch (thrown) {
    if (!isPkiError(thrown)) throw thrown;
    return without(`SFIDDESC has a damaged CLID (${thrown.message.replace(/\.$/, '')})${DISREGARDED}`);
  }
  if (clid === undefined) {
    return without(
      `SFIDDESC is '${beginning(description)}', which is no CLID: it has no lines I= and N=${DISREGARDED}`,
    );
  }
  // Anybody can name a certificate on file: a description counts from who has proven to be the partner.
  if (inBypass) return without('SFIDDESC has a CLID, which counts for nothing in the bypass');
  const named = onFile.find(({ certificate }) => clidMatches(clid, certificate));
  if (named === undefined) {
    return without(`SFIDDESC has the CLID of serial number ${clid.serialNumber}, which is not on file${DISREGARDED}`);
  }
  const { certificate } = named;
  return { named, message: `SFIDDESC has the CLID of ${certificate.fingerprint.slice(0, 12)}, which is on file` };
}

const DISREGARDED = '; matching went on without it';

const without = (message: string): Described => ({ named: undefined, message });

const MOST_SHOWN = 80;

function beginning(text: string): string {
  if (text.length <= MOST_SHOWN) return text;
  return `${text
    .slice(0, MOST_SHOWN)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}
