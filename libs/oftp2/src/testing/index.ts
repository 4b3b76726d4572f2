export {
  efid,
  eerpFor,
  endResponseFor,
  fileDescription,
  lastData,
  negativeEndResponseFor,
  nerpFor,
  normalEnd,
  sfid,
  ssid,
} from './commands.js';
