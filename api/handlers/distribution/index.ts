import type { Handlers } from '../../handler.ts';
import { distributionInspect } from './inspect.ts';

/** The operations of the tag Distribution. */
export const handlers: Handlers = { DistributionInspect: distributionInspect };
