import type { Examination, ExaminationInput } from '../domain/trust-list/examine.js';

/** Examines trust lists where they can do no harm. */
export interface TrustListExaminer {
  /**
   * Verifies and reads a list; never rejects for what stands in it. One that takes too much time or memory is refused with reason
   * `too-costly`.
   */
  examine(input: ExaminationInput): Promise<Examination>;
}

/** {@link TrustListExaminer} */
export const TRUST_LIST_EXAMINER = Symbol('ca:trust-list-examiner');
