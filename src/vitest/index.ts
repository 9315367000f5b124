/// <reference types="node" preserve="true" />
export type { PluginOptions, RunbookOptions } from './options.ts';
export { type NetlabPlugin, netlab } from './plugin.ts';
export { type NetlabTest, type RunbookTest, test } from './test.ts';
