/** What passed in a session. */
export interface Tally {
  filesSent: number;
  filesReceived: number;
  answersSent: number;
  answersReceived: number;
}

/** A session in which nothing has passed yet. */
export const emptyTally = (): Tally => ({ filesSent: 0, filesReceived: 0, answersSent: 0, answersReceived: 0 });
