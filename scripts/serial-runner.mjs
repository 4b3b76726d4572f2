import JestRunner from 'jest-runner';

/** Runs one file at a time: these tests start servers and processes of their own, and wait for what those do. */
export default class SerialRunner extends JestRunner {
  isSerial = true;
}
