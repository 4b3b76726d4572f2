import { PkiError } from '../errors.js';

/**
 * Rounds of key derivation that one file may cost in all. Programs in use ask for 1 to 600,000; the limit keeps a file made
 * by an enemy from holding up the process for minutes.
 */
export const MAXIMUM_ROUNDS = 2_000_000;

/** What is left of the rounds one file may cost; several encrypted parts share it. */
export class WorkBudget {
  private left: number;

  constructor(rounds: number = MAXIMUM_ROUNDS) {
    this.left = rounds;
  }

  /**
   * Takes `rounds` off the budget before they are worked.
   * @throws PkiError `work-limit`
   */
  spend(rounds: number): void {
    if (rounds < 1 || rounds > this.left) {
      throw new PkiError(
        'work-limit',
        `The file asks for ${rounds} rounds of key derivation; ${this.left} are granted.`,
      );
    }
    this.left -= rounds;
  }
}
