import { constants } from 'node:os';
import { invalidArgument } from '../errors.ts';

const realtimeMin = 34;
const realtimeMax = 64;

/**
 * The number of a signal given as `9`, `KILL`, `SIGKILL` or `sigkill`; real-time ones as `RTMIN+3`, `RTMAX-2`.
 * @throws invalid-argument `invalid signal: x`
 */
export function parseSignal(given: string): number {
  const number = signalNumber(given);
  if (number === undefined) throw invalidArgument(`invalid signal: ${given}`);
  return number;
}

function signalNumber(given: string): number | undefined {
  if (/^[+-]?\d+$/.test(given)) {
    const number = Number(given);
    return number >= 1 && number <= realtimeMax ? number : undefined;
  }
  const name = given.toUpperCase().replace(/^SIG/, '');
  const realtime = /^RT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(name);
  if (realtime) {
    const [, edge, sign, offset = '0'] = realtime;
    const number = (edge === 'MIN' ? realtimeMin : realtimeMax) + (sign === '-' ? -1 : 1) * Number(offset);
    return number >= realtimeMin && number <= realtimeMax ? number : undefined;
  }
  const alias = name === 'CLD' ? 'CHLD' : name;
  return (constants.signals as Record<string, number | undefined>)[`SIG${alias}`];
}

/** SIGKILL ends whatever it reaches, SIGSTOP and the like do not. */
export const sigkill: number = constants.signals.SIGKILL;
export const sigterm: number = constants.signals.SIGTERM;
export const sigcont: number = constants.signals.SIGCONT;
