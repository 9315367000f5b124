/** Wrong worlds that are as right as the documented one, and why. */
export const equivalents: readonly { readonly runbook: string; readonly what: string; readonly why: string }[] = [];
