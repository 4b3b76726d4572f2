export { runCertlane } from './program.js';
export { EXIT_REJECTED } from './commands/report.js';
export type { Terminal } from './terminal/terminal.js';
export { dataFolder, LAYOUT } from './data-folder/layout.js';
export type { DataFolder } from './data-folder/layout.js';
export { readStationFile, stationFile } from './data-folder/station-file.js';
export type { StationFile } from './data-folder/station-file.js';
export { isRunning, markOf } from './data-folder/process-mark.js';
export type { ProcessMark } from './data-folder/process-mark.js';
