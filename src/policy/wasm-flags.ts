import { setFlagsFromString } from 'node:v8';

/**
 * Node 20's V8 inlines calls into WebAssembly once they are hot, and can end the process ("unreachable code" in its
 * deoptimizer) when such a frame is left early. Cedar is called often enough for that. Must run before the module is
 * loaded; later versions of Node do not have the flag or the fault.
 */
if (process.versions.node.startsWith('20.')) setFlagsFromString('--no-turbo-inline-js-wasm-calls');
