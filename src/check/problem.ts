/**
 * A check that cannot be made: a pattern that is wrong, a regular expression that ran out of time. It never leaves this
 * room: `evaluate` tells it as a check that errored.
 */
export class CheckProblem extends Error {
  override readonly name = 'CheckProblem';
}
