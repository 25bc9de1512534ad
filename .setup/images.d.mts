/** The folder with the test images' archives. */
export const images: string;
export function ensureImages(names?: string[]): Promise<void>;
