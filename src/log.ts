import winston from 'winston';

/**
 * The engine's own log: JSON lines on stderr. Messages are constant, data goes in fields
 * (`log.info('layer committed', { chainId, sizeBytes })`).
 */
const root = winston.createLogger({
  level: 'info',
  format: winston.format.combine(
    winston.format.timestamp(),
    winston.format.errors({ stack: true }),
    winston.format.json(),
  ),
  transports: [
    new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'] }),
  ],
});

export type Logger = winston.Logger;

/** A logger whose lines carry `module: name`. */
export function logger(name: string): Logger {
  return root.child({ module: name });
}

/** Sets the level of every logger: dockerd's names (debug, info, warn, error, fatal). */
export function setLogLevel(level: string): void {
  root.level = level === 'fatal' ? 'error' : level;
}
