import type { Meter } from '@opentelemetry/api';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS = 1e9;

/** What every process tells of itself: memory, processor time, how late its event loop runs. */
export function registerProcessMetrics(meter: Meter): void {
  meter
    .createObservableGauge('certlane.process.memory.bytes', { unit: 'By', description: 'Resident memory' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter('certlane.process.cpu.seconds', {
      unit: 's',
      description: 'Processor time, user and system',
    })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  meter
    .createObservableGauge('certlane.process.event_loop_delay.seconds', {
      unit: 's',
      description: '99th percentile since the last scrape',
    })
    .addCallback((result) => {
      result.observe(delay.percentile(99) / NANOSECONDS);
      delay.reset();
    });
}
