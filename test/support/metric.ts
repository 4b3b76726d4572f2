/** Value of a metric that a process serves, summed over labels; those named must be so. */
export async function metricOf(
  http: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => new RegExp(`^${name}(?:\\{| )`).test(line) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(/ ([-+\d.e]+)(?: \d+)?$/.exec(line)?.[1] ?? 0), 0);
}
