/** Commands that may be replaced by `true` and leave a world as right as it was, and why. */
export const equivalents: readonly { readonly command: RegExp; readonly why: string }[] = [
  { command: /^true$/, why: 'it is the same command' },
  {
    command: /^exit$/,
    why: 'it ends its block, and the next one begins with the outer prompt, which leaves the shell',
  },
  {
    command:
      /^(?:ls \/run\/disk|ip netns list|docker ps --all --quiet|docker network ls --filter name=lesson --quiet)$/,
    why: 'it only asks, and the answer that the document shows is nothing',
  },
  { command: /fdb_flush$/, why: 'the containers have not spoken yet: there is nothing to forget' },
];
