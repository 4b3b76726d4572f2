import { CertlaneError } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';
import { followedBy } from './followed.js';
import type { Match } from './match.js';

/**
 * What a person says a certificate is: which entry expects it, what it serves, what it follows. It counts before what can be
 * found out. Undefined where nobody said anything of the kind.
 * @throws {CertlaneError} `invalid-argument` for an entry or a certificate that is not there
 */
export function chosenMatch(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const { entry: entryId, usages: said, follows } = facts.approval ?? {};
  if (entryId === undefined && said === undefined && follows === undefined) return undefined;
  const entry = facts.entries.find(({ id }) => id === entryId);
  if (entryId !== undefined && entry === undefined) {
    throw absent('entry', `no identification entry '${entryId}' is on file for '${facts.originator}'`);
  }
  const followed = follows === undefined ? undefined : certificateNamed(facts, certificate, follows);
  const usages = said ?? entry?.usages ?? followed?.usages ?? [];
  if (usages.length === 0) {
    throw absent(
      'usages',
      `certificate ${String(follows).slice(0, 12)} serves nothing now: say what this one is to serve`,
    );
  }
  return {
    by: 'approval',
    entries: entry === undefined ? [] : [entry],
    usages,
    predecessors: followed === undefined ? followedBy(others(facts, certificate), usages) : [followed],
    message: `${facts.approval?.by ?? ''} says that it serves ${usages.join(', ')}`,
  };
}

function certificateNamed(facts: AcceptanceFacts, certificate: Certificate, follows: string): CertificateOnFile {
  const found = others(facts, certificate).onFile.find((known) => known.certificate.fingerprint === follows);
  if (found !== undefined) return found;
  throw absent('follows', `no other certificate ${follows.slice(0, 12)} is on file for '${facts.originator}'`);
}

/** No certificate follows itself. */
function others({ kind, onFile }: AcceptanceFacts, { fingerprint }: Certificate) {
  return { kind, onFile: onFile.filter((known) => known.certificate.fingerprint !== fingerprint) };
}

function absent(field: string, message: string): CertlaneError {
  return new CertlaneError('invalid-argument', message, { details: { field } });
}
