import { stat } from 'node:fs/promises';
import { ca, CertlaneError, type Issuer } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { invalid } from '../input/invalid.js';
import { only, pickByPrefix, type Wanted } from './resolve.js';

const HOW = 'name it by its common name, the first 6 or more characters of its fingerprint, or a file with it';

/**
 * An authority that is known, installed or listed: by the beginning of its fingerprint, its common name, its subject as a whole, or
 * a file that holds it.
 * @param path what the name would be as a file, absolute
 * @throws {CertlaneError} `invalid-argument` for what names several or none, `not-found` for one that is not known
 */
export async function resolveIssuer(bus: Bus, path: string, shown: string, field: string): Promise<Issuer> {
  const given = await nameOf(path, shown, field);
  if (given.trim() === '') {
    const remedy = `${HOW}; certlane issuer list shows what there is`;
    throw invalid(field, given, remedy);
  }
  const issuers = await everyEntry(bus, ca.issuerList, { limit: 500 }, (page) => page.issuers);
  const wanted: Wanted = { noun: 'issuer', field, listing: 'certlane issuer list', key: 'fingerprint', shown };
  const candidates = issuers.map((issuer) => ({ id: issuer.fingerprint, label: issuer.subject, issuer }));
  const byName = candidates.filter((candidate) => names(candidate.label, given));
  if (byName.length > 0) {
    return only(wanted, given, byName, 'name it by its fingerprint; certlane issuer show FINGERPRINT tells them apart')
      .issuer;
  }
  if (/^[0-9a-fA-F]+$/.test(given)) return pickByPrefix(wanted, given, candidates).issuer;
  const remedy = 'certlane issuer list shows what there is, certlane issuer add FILE installs one';
  throw new CertlaneError('not-found', `${field} is '${given}': no such issuer, and no such file; ${HOW}; ${remedy}`, {
    details: { field },
  });
}

/** A file in place of a name stands for the certificate in it. */
async function nameOf(path: string, given: string, field: string): Promise<string> {
  const isFile = given !== '' && (await stat(path).catch(() => undefined))?.isFile() === true;
  return isFile ? certificateName(given, path, field) : given;
}

/** Whether a text is the common name in a subject, or the subject as a whole. */
function names(subject: string, text: string): boolean {
  const wanted = text.trim().toLowerCase().replace(/^cn=/, '');
  const common = /(?:^|[,+]\s*)cn=((?:[^,+\\]|\\.)*)/i.exec(subject)?.[1];
  return common?.toLowerCase() === wanted || subject.toLowerCase() === text.trim().toLowerCase();
}
