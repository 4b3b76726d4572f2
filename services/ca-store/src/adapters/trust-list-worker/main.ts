import { parentPort, workerData } from 'node:worker_threads';
import { examineTrustList, type ExaminationInput } from '../../domain/trust-list/examine.js';

// One list for each thread: what a hostile one leaves behind ends with it.
parentPort?.postMessage(examineTrustList(workerData as ExaminationInput));
