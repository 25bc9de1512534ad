/** This engine's own version. */
export const berthVersion = '0.1.0';

/** The version clients are told: Docker's whose behaviour this is, and ours. Clients compare its beginning. */
export const engineVersion = `28.5.2+berth.${berthVersion}`;
