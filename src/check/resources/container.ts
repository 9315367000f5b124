import { isMapping, type Mapping } from '../comparison.ts';
import { CheckProblem } from '../problem.ts';
import { readJson } from './json.ts';
import { inEnglish, quote, textOf } from './script.ts';
import type { Resource } from './types.ts';

/**
 * A container of the node's Docker Engine. goss has none: the fields are named as goss would, after `docker inspect`
 * (`State.Running`, `State.Status`, `Config.Image`); all that it prints is under `inspect`, by Docker's own names.
 */
export const container: Resource = {
  key: 'container',
  summary: 'a container, by its name or id',
  fields: ['exists', 'running', 'status', 'exit-code', 'image', 'addrs', 'networks', 'inspect'],
  request: ({ name }) =>
    [
      `${inEnglish}docker ps -a --format 'name {{.Names}}' || exit`,
      `if out=$(docker inspect --type container ${quote(name)} 2>&1); then printf '%s\\n' "$out"; exit; fi`,
      'case $out in *[Nn]"o such container"*) ;; *) echo "$out" >&2; exit 1 ;; esac',
    ].join('\n'),
  read(answer, { name }) {
    const text = textOf(answer);
    const names = [...text.matchAll(/^name (.*)$/gm)].map(([, each]) => each);
    const [inspect] = readJson('docker inspect', text.replace(/^name .*\n/gm, '')).filter(isMapping);
    if (!inspect) {
      return { fields: { exists: false }, note: `no container ${name}; there are ${names.join(', ') || 'none'}` };
    }
    const { State: state, Config: config, NetworkSettings: settings } = inspect;
    if (!isMapping(state) || !isMapping(config) || !isMapping(settings))
      throw new CheckProblem('docker inspect has no State');
    const networks = isMapping(settings['Networks']) ? settings['Networks'] : {};
    return {
      fields: {
        exists: true,
        running: state['Running'],
        status: state['Status'],
        'exit-code': state['Running'] === true ? null : state['ExitCode'],
        image: config['Image'],
        addrs: Object.values(networks).filter(isMapping).flatMap(addresses),
        networks: Object.keys(networks),
        inspect,
      },
      note: state['Running'] === true ? undefined : `the container is ${state['Status']}`,
    };
  },
};

/** `172.17.0.2/16`, as an interface has it; none while the container does not run. */
function addresses(network: Mapping): string[] {
  const address = network['IPAddress'];
  return typeof address === 'string' && address !== '' ? [`${address}/${network['IPPrefixLen']}`] : [];
}
