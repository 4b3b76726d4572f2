import type { PartnerRef } from '@certlane/contracts';

/** Whether we are the one who dials a partner now. */
export interface DialClaim {
  readonly granted: boolean;
  /** Whether anything waits for the partner; without it there is no reason to dial. */
  readonly waiting: boolean;
  /** The claim lasts so long unless it is made again. */
  readonly leaseMilliseconds: number;
}

/** How a call went. */
export interface CallResult {
  readonly ok: boolean;
  readonly message: string;
  /** Why no call was made, where another one would be as pointless. */
  readonly obstacle?: 'no-address' | 'partner-removed';
}

/** Keeps two gateways from dialling one partner at once. */
export interface DialBook {
  /** Takes the claim, or keeps one that is ours. */
  claim(partner: PartnerRef, holder: string): Promise<DialClaim>;
  /**
   * Says how it went and gives the claim back.
   * @returns after how many milliseconds to dial again, where something still waits
   */
  report(partner: PartnerRef, holder: string, result: CallResult): Promise<number | undefined>;
}
