import { setTimeout as sleep } from 'node:timers/promises';
import type { RefusalReason, SessionProfile } from '@certlane/contracts';
import { forLog, type CommandNamed } from '@certlane/oftp2';
import { refusals } from '../domain/refusals.js';
import { chooseStation } from '../domain/station-choice.js';
import type { Vault } from '../domain/vault.js';
import type { PartnerDirectory } from '../ports/partner-directory.js';
import type { RunDecision, SessionTrust } from '../ports/session-trust.js';
import type { Connection } from '../transport/connection.js';
import type { Peer } from './peer.js';
import type { Telling } from './run-session.js';

/** What it takes to know a caller. */
export interface IdentifyParts {
  readonly session: string;
  readonly connection: Connection;
  readonly directory: PartnerDirectory;
  readonly trust: SessionTrust;
  readonly vault: Vault;
  /** No refusal comes sooner after the SSID. */
  readonly refusalMilliseconds: number;
  /** Whether a wrong password is answered as an unknown code is, so that a caller does not learn which codes are known. */
  readonly hidePartners: boolean;
  /** Told as soon as it is known, for the report. */
  readonly named: Telling['named'];
  readonly decided: Telling['decided'];
}

/** A caller that may come in. */
export interface Caller {
  readonly profile: SessionProfile;
  readonly decision: RunDecision;
}

/**
 * Who is calling, and may it: its code, its password, then the trust decision. A code nobody knows and a password that does
 * not fit go the same way for the same time.
 * @throws {SessionOver} when it may not
 */
export async function identify(peer: Peer, parts: IdentifyParts): Promise<Caller> {
  const { ssid } = await peer.expect('F_CONNECT_IND');
  const soonest = sleep(parts.refusalMilliseconds);
  const refuse = async (reason: RefusalReason, message: string): Promise<never> => {
    await soonest;
    const { esid, text } = refusals[reason === 'wrong-password' && parts.hidePartners ? 'unknown-partner' : reason];
    return peer.endWith(esid, text, { outcome: 'refused', message });
  };
  const known = await recognise(ssid, parts);
  if (known === undefined || typeof known === 'string') {
    const message =
      known === undefined
        ? `no partner has the Odette ID '${forLog(ssid.SSIDCODE)}'`
        : `several stations know '${forLog(ssid.SSIDCODE)}' with this password, and the TLS server name chooses none`;
    return refuse('unknown-partner', message);
  }
  const { profile, passwordCorrect } = known;
  parts.named({ partner: profile.partner, station: profile.station });
  const { connection, session, trust } = parts;
  const decision = await trust.decide({
    session,
    direction: 'inbound',
    station: profile.station,
    partner: profile.partner,
    secureAuthentication: ssid.SSIDAUTH === 'Y',
    passwordCorrect,
    remoteAddress: connection.remoteAddress,
    ...(connection.tls === undefined ? {} : { tls: connection.tls }),
  });
  parts.decided(decision);
  // Nobody comes in with a wrong password, or learns more than that, whatever the decision was based on.
  if (!passwordCorrect) return refuse('wrong-password', 'the password is wrong');
  if (decision.verdict === 'refuse') return refuse(decision.reason, decision.message);
  return { profile, decision };
}

async function recognise(
  ssid: CommandNamed<'SSID'>,
  { directory, vault, connection, named }: IdentifyParts,
): Promise<{ profile: SessionProfile; passwordCorrect: boolean } | 'ambiguous' | undefined> {
  named({ partner: forLog(ssid.SSIDCODE) });
  const profiles = ssid.SSIDCODE === '' ? [] : await directory.profiles(ssid.SSIDCODE);
  const candidates = profiles.map((profile) => ({
    profile,
    passwordCorrect: vault.passwordFits(profile, ssid.SSIDPSWD),
  }));
  if (candidates.length === 0) vault.comparePretended(ssid.SSIDPSWD);
  const choice = chooseStation(candidates, connection.tls?.serverName);
  if (choice.found) return choice.candidate;
  return choice.why === 'ambiguous' ? 'ambiguous' : undefined;
}
