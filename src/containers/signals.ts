import { constants } from 'node:os';
import { invalidArgument } from '../errors.ts';

const realtimeMin = 34;
const realtimeMax = 64;
/** The highest that has a name of the standard. */
const standardMax = 31;

/**
 * The number of a signal given as `9`, `KILL`, `SIGKILL` or `sigkill`; real-time ones as `RTMIN+3`, `RTMAX-2`. Any number
 * but 0 is taken as it is, as the reference does; `isSignal` tells whether there is such a signal.
 * @throws invalid-argument `invalid signal: x`
 */
export function parseSignal(given: string): number {
  const number = signalNumber(given);
  if (number === undefined || number === 0) throw invalidArgument(`invalid signal: ${given}`);
  return number;
}

/** Whether Linux has this signal for users: the C library keeps 32 and 33 for itself. */
export function isSignal(number: number): boolean {
  return (number >= 1 && number <= standardMax) || (number >= realtimeMin && number <= realtimeMax);
}

function signalNumber(given: string): number | undefined {
  if (/^[+-]?\d+$/.test(given)) return Number(given);
  const name = given.toUpperCase().replace(/^SIG/, '');
  const realtime = /^RT(MIN|MAX)(?:([+-])([1-9]\d?))?$/.exec(name);
  if (realtime) {
    const [, edge, sign, offset = '0'] = realtime;
    const steps = Number(offset);
    if (edge === 'MIN') return sign !== '-' && steps <= 15 ? realtimeMin + steps : undefined;
    return sign !== '+' && steps <= 14 ? realtimeMax - steps : undefined;
  }
  const alias = name === 'CLD' ? 'CHLD' : name;
  return (constants.signals as Record<string, number | undefined>)[`SIG${alias}`];
}

/** SIGKILL ends whatever it reaches, SIGSTOP and the like do not. */
export const sigkill: number = constants.signals.SIGKILL;
export const sigterm: number = constants.signals.SIGTERM;
export const sigcont: number = constants.signals.SIGCONT;
