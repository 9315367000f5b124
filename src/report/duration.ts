/** A time that is still running: in the same unit all the while, so that it counts up without jumping. */
export function formatElapsed(milliseconds: number): string {
  return milliseconds < 59_950 ? `${(milliseconds / 1000).toFixed(1)} s` : formatDuration(milliseconds);
}

/** As a person would say it: `340 ms`, `2.1 s`, `1 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
